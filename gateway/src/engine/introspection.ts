import { setImmediate } from 'node:timers/promises'
import {
  Kind,
  execute,
  visit,
  type DocumentNode,
  type FieldNode,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql'
import type { Tree } from './tree.ts'

const typename: FieldNode = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: '__typename' } }

function asksTheSchema(node: FieldNode): boolean {
  return node.name.value === '__schema' || node.name.value === '__type'
}

export function hasIntrospection(document: DocumentNode): boolean {
  let found = false
  visit(document, {
    Field(node) {
      if (asksTheSchema(node)) found = true
    },
  })
  return found
}

/** False when every root field is one that the gateway answers by itself: `__typename`, `__schema`, `__type`. */
export function asksSubgraphs(document: DocumentNode, operation: OperationDefinitionNode): boolean {
  const seen = new Set<string>()
  const asks = (selectionSet: SelectionSetNode): boolean =>
    selectionSet.selections.some((selection) => {
      if (selection.kind === Kind.FIELD) return !selection.name.value.startsWith('__')
      if (selection.kind === Kind.INLINE_FRAGMENT) return asks(selection.selectionSet)
      const name = selection.name.value
      if (seen.has(name)) return false
      seen.add(name)
      return document.definitions.some(
        (part) => part.kind === Kind.FRAGMENT_DEFINITION && part.name.value === name && asks(part.selectionSet),
      )
    })
  return asks(operation.selectionSet)
}

/** The part of a document that subgraphs answer. A removed field leaves `__typename`, so that no selection is ever empty. */
export function withoutIntrospection(document: DocumentNode): DocumentNode {
  return visit(document, { Field: (node) => (asksTheSchema(node) ? typename : undefined) })
}

/** The part of a document that the API schema answers by itself. */
export function onlyIntrospection(document: DocumentNode): DocumentNode {
  return visit(document, {
    FragmentDefinition: (node) => (node.typeCondition.name.value.startsWith('__') ? false : undefined),
    // A kept field is not entered; every other root field becomes `__typename`, which nobody reads.
    Field: (node) => (asksTheSchema(node) ? false : typename),
  })
}

let last: Promise<unknown> = Promise.resolve()

/** Comes when everybody who was here before has had a turn of the event loop of their own. */
function turn(): Promise<unknown> {
  last = last.then(() => setImmediate())
  return last
}

/**
 * Answers `__schema` and `__type` from the API schema. The document holds nothing else; see `onlyIntrospection`. Many at once would keep everybody else
 * waiting for as long as all of them take: so they are answered one by one, and others in between.
 */
export async function introspect(args: {
  apiSchema: GraphQLSchema
  document: DocumentNode
  variables: Record<string, unknown>
}): Promise<Tree> {
  await turn()
  const result = await execute({ schema: args.apiSchema, document: args.document, variableValues: args.variables })
  return result.data ?? {}
}
