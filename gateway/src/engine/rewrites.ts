import type { FetchNodePathSegment, FetchRewrite, KeyRenamer, ValueSetter } from '@graphql-hive/router-query-planner'
import type { Supergraph } from './supergraph.ts'
import { isTree, type Tree } from './tree.ts'

export type Rewrite = (tree: unknown) => void

/**
 * A planner sometimes fetches a field under a name of its own, or has to present an entity as another type; a rewrite puts that right
 * in place.
 */
export function toRewrite(rewrite: FetchRewrite, isA: Supergraph['isA']): Rewrite {
  if ('KeyRenamer' in rewrite) {
    const { path, renameKeyTo } = rewrite.KeyRenamer
    return atEnd(path, isA, (holder, key) => {
      if (!(key in holder)) return
      holder[renameKeyTo] = holder[key]
      delete holder[key]
    })
  }
  const { path, setValueTo } = setterOf(rewrite)
  return atEnd(path, isA, (holder, key) => {
    holder[key] = setValueTo
  })
}

/** The planner's own names and what they stand for, to give an error its place back. */
export function renamesOf(rewrites: readonly FetchRewrite[] | undefined): [from: string, to: string][] {
  return (rewrites ?? []).flatMap((rewrite): [string, string][] => {
    if (!('KeyRenamer' in rewrite)) return []
    const last = lastKey(rewrite.KeyRenamer)
    return last === undefined ? [] : [[last, rewrite.KeyRenamer.renameKeyTo]]
  })
}

function lastKey({ path }: KeyRenamer): string | undefined {
  const last = path.at(-1)
  return last && 'Key' in last ? last.Key : undefined
}

function setterOf(rewrite: Exclude<FetchRewrite, { KeyRenamer: KeyRenamer }>): ValueSetter {
  return 'ValueSetter' in rewrite ? rewrite.ValueSetter : rewrite
}

function atEnd(
  path: readonly FetchNodePathSegment[],
  isA: Supergraph['isA'],
  change: (holder: Tree, key: string) => void,
): Rewrite {
  const step = (value: unknown, at: number): void => {
    if (Array.isArray(value)) return value.forEach((item) => step(item, at))
    const segment = path[at]
    if (!isTree(value) || !segment) return
    if ('TypenameEquals' in segment) {
      const typename = value.__typename
      const matches =
        typeof typename !== 'string' || segment.TypenameEquals.some((condition) => isA(typename, condition))
      if (matches) step(value, at + 1)
    } else if (at === path.length - 1) change(value, segment.Key)
    else step(value[segment.Key], at + 1)
  }
  return (tree) => step(tree, 0)
}
