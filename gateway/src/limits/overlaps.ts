import { Kind, type FragmentDefinitionNode, type SelectionSetNode } from 'graphql'
import { limits } from './limits.ts'

interface Counting {
  fragments: ReadonlyMap<string, FragmentDefinitionNode>
  /** Fields that may still be looked at: more than a document may have means that a fragment contains itself. */
  left: number
}

/**
 * How many pairs of fields validation has to compare: those that are answered under the same key of the same object. It grows with the
 * square of the repetitions.
 */
export function countOverlaps(selectionSet: SelectionSetNode, fragments: Counting['fragments']): number {
  return count({ fragments, left: 2 * limits.fields }, [selectionSet])
}

function count(counting: Counting, selectionSets: readonly SelectionSetNode[]): number {
  const groups = new Map<string, { fields: number; inner: SelectionSetNode[] }>()
  const seen = new Set<string>()
  const collect = ({ selections }: SelectionSetNode): void => {
    for (const selection of selections) {
      if (selection.kind === Kind.INLINE_FRAGMENT) collect(selection.selectionSet)
      else if (selection.kind === Kind.FRAGMENT_SPREAD) {
        const fragment = counting.fragments.get(selection.name.value)
        if (fragment && !seen.has(selection.name.value)) {
          seen.add(selection.name.value)
          collect(fragment.selectionSet)
        }
      } else {
        counting.left--
        const key = selection.alias?.value ?? selection.name.value
        const group = groups.get(key) ?? { fields: 0, inner: [] }
        groups.set(key, group)
        group.fields++
        if (selection.selectionSet) group.inner.push(selection.selectionSet)
      }
    }
  }
  selectionSets.forEach(collect)
  let pairs = 0
  for (const { fields, inner } of groups.values()) {
    if (counting.left < 0) return Infinity
    pairs += (fields * (fields - 1)) / 2
    if (inner.length > 0) pairs += count(counting, inner)
  }
  return pairs
}
