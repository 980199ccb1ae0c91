import {
  GraphQLError,
  Kind,
  type ASTNode,
  type DocumentNode,
  type FragmentDefinitionNode,
  type SelectionSetNode,
} from 'graphql'
import { limits } from './limits.ts'
import { countOverlaps } from './overlaps.ts'

/** How large a selection is once its fragments are written out. */
interface Size {
  depth: number
  aliases: number
  directives: number
  fields: number
}

const none: Size = { depth: 0, aliases: 0, directives: 0, fields: 0 }

/**
 * Says in what a document is too deep or too large. It takes no longer than reading the document, and is to be asked before validation,
 * which takes long for just such documents. A fragment is measured once and counted wherever it is spread.
 */
export function sizeFaults(document: DocumentNode): GraphQLError[] {
  const fragments = new Map<string, FragmentDefinitionNode>()
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition)
  }
  const measure = createMeasure(fragments)
  return document.definitions.flatMap((operation) => {
    if (operation.kind !== Kind.OPERATION_DEFINITION) return []
    const size = measure(operation.selectionSet)
    const faults = (['depth', 'aliases', 'directives', 'fields'] as const)
      .filter((what) => size[what] > limits[what])
      .map((what) => tooLarge({ what, limit: limits[what], node: operation }))
    if (faults.length > 0 || countOverlaps(operation.selectionSet, fragments) <= limits.overlaps) return faults
    return [tooLarge({ what: 'overlaps', limit: limits.overlaps, node: operation })]
  })
}

/** The refusal of an operation that goes beyond a limit. */
export function tooLarge({ what, limit, node }: { what: string; limit: number; node: ASTNode }): GraphQLError {
  return new GraphQLError(`This operation asks for too much: at most ${limit} ${what}.`, {
    nodes: node,
    extensions: { code: 'OPERATION_TOO_LARGE', what, limit },
  })
}

function createMeasure(
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
): (selectionSet: SelectionSetNode) => Size {
  const known = new Map<string, Size>()
  const measureFragment = (name: string): Size => {
    const found = known.get(name)
    if (found) return found
    // A fragment inside itself is for validation to refuse; here it must only come to an end.
    known.set(name, none)
    const fragment = fragments.get(name)
    const size = fragment ? measure(fragment.selectionSet) : none
    known.set(name, size)
    return size
  }
  const measure = (selectionSet: SelectionSetNode): Size => {
    let total = none
    for (const selection of selectionSet.selections) {
      const own = { ...none, directives: selection.directives?.length ?? 0 }
      if (selection.kind === Kind.FRAGMENT_SPREAD) total = sum(total, measureFragment(selection.name.value), own)
      else if (selection.kind === Kind.INLINE_FRAGMENT) total = sum(total, measure(selection.selectionSet), own)
      else {
        const inner = selection.selectionSet ? measure(selection.selectionSet) : none
        // Questions about the schema are deep by nature and answered without a subgraph.
        const depth = selection.name.value.startsWith('__') ? 0 : inner.depth + 1
        total = sum(total, { ...inner, depth }, { ...own, aliases: selection.alias ? 1 : 0, fields: 1 })
      }
    }
    return total
  }
  return measure
}

function sum(...sizes: readonly Size[]): Size {
  return sizes.reduce((left, right) => ({
    depth: Math.max(left.depth, right.depth),
    aliases: left.aliases + right.aliases,
    directives: left.directives + right.directives,
    fields: left.fields + right.fields,
  }))
}
