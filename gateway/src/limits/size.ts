import {
  Kind,
  type ArgumentNode,
  type DirectiveNode,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLError,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
  type ValueNode,
} from 'graphql'
import { limits } from './limits.ts'
import { countOverlaps } from './overlaps.ts'
import { tooLarge } from './too-large.ts'

const measures = [
  'depth',
  'nesting',
  'aliases',
  'directives',
  'fields',
  'introspections',
  'descriptions',
  'inputDepth',
] as const

/** How large a selection is once its fragments are written out. */
interface Size extends Record<(typeof measures)[number], number> {
  /** Lists inside lists, if the selection is one of the schema's own description. */
  schemaLists: number
}

const none: Size = {
  depth: 0,
  nesting: 0,
  aliases: 0,
  directives: 0,
  fields: 0,
  schemaLists: 0,
  introspections: 0,
  descriptions: 0,
  inputDepth: 0,
}

/**
 * Says in what a document is too deep or too large. It takes no longer than reading the document, and is to be asked before validation,
 * which takes long for just such documents. A fragment is measured once and counted wherever it is spread, and once more by itself, for
 * validation looks also at those that nobody uses.
 */
export function sizeFaults(document: DocumentNode): GraphQLError[] {
  const tooMany = countFaults(document)
  if (tooMany.length > 0) return tooMany
  const fragments = new Map<string, FragmentDefinitionNode>()
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition)
  }
  const measure = createMeasure(fragments)
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION && definition.kind !== Kind.FRAGMENT_DEFINITION) continue
    const size = withOwn(measure(definition.selectionSet), definition)
    const faults = measures
      .filter((what) => size[what] > limits[what])
      .map((what) => tooLarge({ what, limit: limits[what], node: definition }))
    if (faults.length > 0) return faults
    if (countOverlaps(definition.selectionSet, fragments) > limits.overlaps)
      return [tooLarge({ what: 'overlaps', limit: limits.overlaps, node: definition })]
  }
  return []
}

/** What is counted where it is written, before anything is written out. */
function countFaults({ definitions }: DocumentNode): GraphQLError[] {
  const counts = { operations: 0, fragments: 0, variables: 0, spreads: 0 }
  for (const definition of definitions) {
    if (definition.kind === Kind.OPERATION_DEFINITION) {
      counts.operations++
      counts.variables += definition.variableDefinitions?.length ?? 0
    }
    if (definition.kind === Kind.FRAGMENT_DEFINITION) counts.fragments++
    if ('selectionSet' in definition) counts.spreads += countSpreads(definition.selectionSet)
  }
  const names = ['operations', 'fragments', 'variables', 'spreads'] as const
  return names.filter((what) => counts[what] > limits[what]).map((what) => tooLarge({ what, limit: limits[what] }))
}

function countSpreads({ selections }: SelectionSetNode): number {
  let spreads = 0
  for (const selection of selections) {
    if (selection.kind === Kind.FRAGMENT_SPREAD) spreads++
    else if (selection.selectionSet) spreads += countSpreads(selection.selectionSet)
  }
  return spreads
}

/** What stands at the head of an operation or a fragment: its directives, and the values that its variables have unless told. */
function withOwn(size: Size, definition: OperationDefinitionNode | FragmentDefinitionNode): Size {
  const directives: DirectiveNode[] = [...(definition.directives ?? [])]
  let inputDepth = depthOfArguments(directives)
  for (const variable of definition.variableDefinitions ?? []) {
    directives.push(...(variable.directives ?? []))
    if (variable.defaultValue) inputDepth = Math.max(inputDepth, depthOf(variable.defaultValue))
  }
  return sum(size, { ...none, directives: directives.length, inputDepth })
}

/** Lists of the schema's description whose items have such lists themselves: each inside another multiplies the answer. */
const schemaLists = new Set(['types', 'fields', 'inputFields', 'interfaces', 'possibleTypes'])

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
      const own = ownSize(selection)
      if (selection.kind === Kind.FRAGMENT_SPREAD) total = sum(total, measureFragment(selection.name.value), own)
      else if (selection.kind === Kind.INLINE_FRAGMENT) total = sum(total, nested(measure(selection.selectionSet)), own)
      else total = sum(total, around(selection, selection.selectionSet ? measure(selection.selectionSet) : none), own)
    }
    return total
  }
  return measure
}

/** A field's selection with the field around it. Questions about the schema are deep by nature, and answered without a subgraph. */
function around({ name: { value: name } }: FieldNode, inner: Size): Size {
  if (name.startsWith('__')) {
    const descriptions = inner.aliases + (name === '__schema' ? 1 : 0)
    return { ...nested(inner), depth: 0, schemaLists: 0, introspections: inner.schemaLists, descriptions }
  }
  return { ...nested(inner), depth: inner.depth + 1, schemaLists: inner.schemaLists + (schemaLists.has(name) ? 1 : 0) }
}

function nested(inner: Size): Size {
  return { ...inner, nesting: inner.nesting + 1 }
}

/** What is written at the selection itself. */
function ownSize(selection: SelectionNode): Size {
  const isField = selection.kind === Kind.FIELD
  const directives = selection.directives ?? []
  return {
    ...none,
    fields: isField ? 1 : 0,
    aliases: isField && selection.alias ? 1 : 0,
    directives: directives.length,
    inputDepth: Math.max(isField ? depthOfArguments([selection]) : 0, depthOfArguments(directives)),
  }
}

function depthOfArguments(nodes: readonly { arguments?: readonly ArgumentNode[] | undefined }[]): number {
  let depth = 0
  for (const node of nodes) for (const { value } of node.arguments ?? []) depth = Math.max(depth, depthOf(value))
  return depth
}

function depthOf(value: ValueNode): number {
  if (value.kind === Kind.LIST) return 1 + Math.max(0, ...value.values.map(depthOf))
  if (value.kind === Kind.OBJECT) return 1 + Math.max(0, ...value.fields.map((field) => depthOf(field.value)))
  return 0
}

function sum(...sizes: readonly Size[]): Size {
  return sizes.reduce((left, right) => ({
    depth: Math.max(left.depth, right.depth),
    nesting: Math.max(left.nesting, right.nesting),
    aliases: left.aliases + right.aliases,
    directives: left.directives + right.directives,
    fields: left.fields + right.fields,
    schemaLists: Math.max(left.schemaLists, right.schemaLists),
    introspections: Math.max(left.introspections, right.introspections),
    descriptions: left.descriptions + right.descriptions,
    inputDepth: Math.max(left.inputDepth, right.inputDepth),
  }))
}
