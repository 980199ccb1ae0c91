import type { FlattenNodePathSegment } from '@graphql-hive/router-query-planner'
import type { Path } from './complete.ts'
import type { Supergraph } from './supergraph.ts'
import { isTree, type Tree } from './tree.ts'

/** Visits every entity that stands at a plan's path. `trail` is the place of the entity in the answer, when the walk was given one. */
export type Walk = (data: Tree, visit: (entity: Tree, trail: Path | null) => void, trail?: Path) => void

/** Prepares a plan's path: fields, `@` for every item of a list, and conditions on the type of what stands there. */
export function toWalk(path: readonly FlattenNodePathSegment[], isA: Supergraph['isA']): Walk {
  return (data, visit, trail) => step({ path, isA, visit, trail: trail ?? null }, data, 0)
}

interface Walking {
  path: readonly FlattenNodePathSegment[]
  isA: Supergraph['isA']
  visit(entity: Tree, trail: Path | null): void
  trail: Path | null
}

function step(walking: Walking, value: unknown, at: number): void {
  if (value === undefined || value === null) return
  const segment = walking.path[at]
  if (segment === undefined || Array.isArray(value)) return arrive(walking, value, at)
  if (!isTree(value)) return
  if (segment === '@') return
  if ('TypeCondition' in segment) {
    const typename = value.__typename
    if (typeof typename === 'string' && segment.TypeCondition.some((condition) => walking.isA(typename, condition)))
      step(walking, value, at + 1)
    return
  }
  walking.trail?.push(segment.Field)
  step(walking, value[segment.Field], at + 1)
  walking.trail?.pop()
}

/** At the end of the path, or at a list: `@` in the path names the list, and a path may also leave it out. */
function arrive(walking: Walking, value: unknown, at: number): void {
  if (!Array.isArray(value)) {
    if (isTree(value)) walking.visit(value, walking.trail)
    return
  }
  const next = walking.path[at] === '@' ? at + 1 : at
  for (let index = 0; index < value.length; index++) {
    walking.trail?.push(index)
    step(walking, value[index], next)
    walking.trail?.pop()
  }
}
