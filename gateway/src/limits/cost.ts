import {
  GraphQLError,
  Kind,
  getNamedType,
  getNullableType,
  getOperationAST,
  isCompositeType,
  isInterfaceType,
  isListType,
  isObjectType,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionSetNode,
  type ValueNode,
} from 'graphql'
import { limits } from './limits.ts'
import { tooLarge } from './size.ts'

/**
 * How many items a list without `first` is taken to hold (it belongs to its object, and is as short as the boxes of a citation), and a
 * connection when the client does not say.
 */
const PLAIN_LIST = 3
const DEFAULT_PAGE = 20

/** One field that yields objects. */
interface CostNode {
  field: FieldNode
  /** What `first` was given, if the field takes it, and how much it may be. */
  page: { given: ValueNode | null; most: number } | null
  isList: boolean
  inner: readonly CostNode[]
}

type Variables = Record<string, unknown>

/** Page sizes, and how much an operation asks for with these variables. Empty when it may run. */
export type CostCheck = (asked: {
  document: DocumentNode
  operationName?: string | null | undefined
  variables?: Variables | null | undefined
}) => GraphQLError[]

/**
 * Prepares the check of how much an operation asks for: the objects it may return, each list counted by the page it asks. What does not
 * depend on variables is worked out once per document.
 */
export function createCosts(schema: GraphQLSchema): CostCheck {
  const known = new WeakMap<OperationDefinitionNode, readonly CostNode[]>()
  return ({ document, operationName, variables }) => {
    const operation = getOperationAST(document, operationName)
    const root = operation && schema.getRootType(operation.operation)
    if (!operation || !root) return []
    let nodes = known.get(operation)
    if (!nodes)
      known.set(
        operation,
        (nodes = readCosts({ schema, fragments: fragmentsOf(document) }, root, operation.selectionSet)),
      )
    const given = { ...defaultsOf(operation), ...variables }
    const tooLong = pagesBeyond(nodes, given)
    if (tooLong.length > 0) return tooLong
    const objects = countObjects(nodes, given, PLAIN_LIST)
    return objects > limits.objects ? [tooLarge({ what: 'objects', limit: limits.objects, node: operation })] : []
  }
}

interface Reading {
  schema: GraphQLSchema
  fragments: ReadonlyMap<string, FragmentDefinitionNode>
}

function readCosts(reading: Reading, parent: GraphQLNamedType, selectionSet: SelectionSetNode): readonly CostNode[] {
  return selectionSet.selections.flatMap((selection) => {
    if (selection.kind === Kind.FIELD) return readField(reading, parent, selection)
    const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : reading.fragments.get(selection.name.value)
    if (!fragment) return []
    const condition = fragment.typeCondition && reading.schema.getType(fragment.typeCondition.name.value)
    return readCosts(reading, condition ?? parent, fragment.selectionSet)
  })
}

function readField(reading: Reading, parent: GraphQLNamedType, field: FieldNode): CostNode[] {
  const definition = isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[field.name.value] : undefined
  if (!definition || !field.selectionSet) return []
  const type = getNamedType(definition.type)
  if (!isCompositeType(type)) return []
  return [
    {
      field,
      page: pageOf(definition, field),
      isList: isListType(getNullableType(definition.type)),
      inner: readCosts(reading, type, field.selectionSet),
    },
  ]
}

function pageOf(definition: GraphQLField<unknown, unknown>, field: FieldNode): CostNode['page'] {
  if (!definition.args.some((argument) => argument.name === 'first')) return null
  const type = getNamedType(definition.type)
  const isConnection = isObjectType(type) && 'pageInfo' in type.getFields()
  const given = field.arguments?.find((argument) => argument.name.value === 'first')?.value ?? null
  return { given, most: isConnection ? limits.pageSize : limits.listSize }
}

function pageSize({ given }: { given: ValueNode | null }, variables: Variables): number {
  if (given?.kind === Kind.INT) return Number(given.value)
  const value = given?.kind === Kind.VARIABLE ? variables[given.name.value] : undefined
  return typeof value === 'number' ? value : DEFAULT_PAGE
}

function pagesBeyond(nodes: readonly CostNode[], variables: Variables): GraphQLError[] {
  return nodes.flatMap(({ field, page, inner }) => {
    const deeper = pagesBeyond(inner, variables)
    if (!page || pageSize(page, variables) <= page.most) return deeper
    const message = `${field.name.value}: first is at most ${page.most}; ask for the rest page by page.`
    return [new GraphQLError(message, { nodes: field, extensions: { code: 'BAD_USER_INPUT' } }), ...deeper]
  })
}

/** `listSize` is what a list directly below is taken to hold: the page that the field around it was asked for. */
function countObjects(nodes: readonly CostNode[], variables: Variables, listSize: number): number {
  let objects = 0
  for (const node of nodes) {
    const page = node.page ? Math.max(0, pageSize(node.page, variables)) : null
    const items = node.isList ? (page ?? listSize) : 1
    objects += items * (1 + countObjects(node.inner, variables, page ?? PLAIN_LIST))
  }
  return objects
}

function fragmentsOf(document: DocumentNode): ReadonlyMap<string, FragmentDefinitionNode> {
  const fragments = new Map<string, FragmentDefinitionNode>()
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition)
  }
  return fragments
}

function defaultsOf(operation: OperationDefinitionNode): Variables {
  const defaults: Variables = {}
  for (const { variable, defaultValue } of operation.variableDefinitions ?? []) {
    if (defaultValue?.kind === Kind.INT) defaults[variable.name.value] = Number(defaultValue.value)
  }
  return defaults
}
