import {
  GraphQLError,
  Kind,
  type ASTNode,
  type FragmentDefinitionNode,
  type SelectionSetNode,
  type ValidationRule,
} from 'graphql'
import { limits } from './limits.ts'

/** How large a selection is once its fragments are written out. */
interface Size {
  depth: number
  aliases: number
  directives: number
  fields: number
}

const none: Size = { depth: 0, aliases: 0, directives: 0, fields: 0 }

/**
 * Refuses documents that are too deep or too large. A fragment is measured once and counted wherever it is spread, so that a short
 * document that unfolds into millions of fields is refused in no time.
 */
export const sizeRule: ValidationRule = (context) => {
  const fragments = new Map<string, FragmentDefinitionNode>()
  for (const definition of context.getDocument().definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition)
  }
  const measure = createMeasure(fragments)
  return {
    OperationDefinition(operation) {
      const size = measure(operation.selectionSet)
      for (const name of ['depth', 'aliases', 'directives', 'fields'] as const) {
        if (size[name] > limits[name])
          context.reportError(tooLarge({ what: name, limit: limits[name], node: operation }))
      }
    },
  }
}

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
    // A fragment inside itself is another rule's to refuse; here it must only come to an end.
    known.set(name, none)
    const fragment = fragments.get(name)
    const size = fragment ? measure(fragment.selectionSet) : none
    known.set(name, size)
    return size
  }
  const measure = (selectionSet: SelectionSetNode): Size => {
    let total = none
    for (const selection of selectionSet.selections) {
      const directives = selection.directives?.length ?? 0
      if (selection.kind === Kind.FRAGMENT_SPREAD)
        total = sum(total, measureFragment(selection.name.value), { ...none, directives })
      else if (selection.kind === Kind.INLINE_FRAGMENT)
        total = sum(total, measure(selection.selectionSet), { ...none, directives })
      else {
        const inner = selection.selectionSet ? measure(selection.selectionSet) : none
        // Questions about the schema are deep by nature and answered without a subgraph.
        const depth = selection.name.value.startsWith('__') ? 0 : inner.depth + 1
        total = sum(total, { ...inner, depth }, { depth: 0, aliases: selection.alias ? 1 : 0, directives, fields: 1 })
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
