import type { RequiresSelection } from '@graphql-hive/router-query-planner'
import type { Supergraph } from './supergraph.ts'
import { isTree, type Tree } from './tree.ts'

/** Makes what identifies an entity to another subgraph: its type, its key, and the fields that the other one requires. */
export type Represent = (entity: Tree) => Tree | null

/**
 * Prepares the requirements of a fetch. Null for an entity that has not got what is needed, for instance because the fetch that should
 * have brought it failed: then there is nothing to ask with.
 */
export function toRepresent(requires: readonly RequiresSelection[], isA: Supergraph['isA']): Represent {
  const selectionsOf = new Map<string, readonly RequiresSelection[]>()
  return (entity) => {
    const typename = entity.__typename
    if (typeof typename !== 'string') return null
    let selections = selectionsOf.get(typename)
    if (selections === undefined) {
      selections = requires.flatMap((part) =>
        part.kind === 'InlineFragment' && isA(typename, part.typeCondition) ? part.selections : [],
      )
      selectionsOf.set(typename, selections)
    }
    if (selections.length === 0) return null
    const representation: Tree = { __typename: typename }
    return copySelected(entity, selections, { into: representation, isA }) ? representation : null
  }
}

function copySelected(
  from: Tree,
  selections: readonly RequiresSelection[],
  to: { into: Tree; isA: Supergraph['isA'] },
): boolean {
  for (const selection of selections) {
    if (selection.kind === 'FragmentSpread')
      throw new Error('The planner required a fragment spread, which no plan of this format has.')
    if (selection.kind === 'InlineFragment') {
      const typename = from.__typename
      const applies = typeof typename !== 'string' || to.isA(typename, selection.typeCondition)
      if (applies && !copySelected(from, selection.selections, to)) return false
      continue
    }
    const value = from[selection.name]
    if (value === undefined) return false
    to.into[selection.alias ?? selection.name] = selection.selections?.length
      ? project(value, selection.selections, to.isA)
      : value
  }
  return true
}

function project(value: unknown, selections: readonly RequiresSelection[], isA: Supergraph['isA']): unknown {
  if (Array.isArray(value)) return value.map((item) => project(item, selections, isA))
  if (!isTree(value)) return value
  const into: Tree = {}
  copySelected(value, selections, { into, isA })
  return into
}
