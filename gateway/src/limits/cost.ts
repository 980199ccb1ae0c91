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
import { tooLarge } from './too-large.ts'

/** How many items lists without `first` hold, of those that are longer than most, by their coordinate, as `Page.words`. */
export type ListSizes = ReadonlyMap<string, number>

/**
 * How many items any other list without `first` is taken to hold (it belongs to its object, and is as short as the boxes of a citation), and a
 * connection when the client does not say.
 */
const PLAIN_LIST = 3
const DEFAULT_PAGE = 20

/** Points of a field that writes, and of one that describes the whole schema or one type of it. */
const WRITE = 10
const INTROSPECTION: Readonly<Record<string, number>> = { __schema: 1000, __type: 50 }

/** One field that yields objects. */
interface CostNode {
  field: FieldNode
  /** What `first` was given, if the field takes it, and how much it may be. */
  page: { given: ValueNode | null; most: number } | null
  isList: boolean
  /** What the list is known to hold; null for one like any other. */
  known: number | null
  inner: readonly CostNode[]
}

/** What does not depend on variables. */
interface Known {
  nodes: readonly CostNode[]
  /** Points that the operation costs whatever it asks. */
  base: number
}

type Variables = Record<string, unknown>

/** What an operation asks for with these variables. */
export interface Measured {
  /** Empty when it may run. */
  faults: GraphQLError[]
  /** One for the operation, one for each object that it may return, ten for each field that writes. */
  cost: number
}

/** Page sizes, and how much an operation asks for. */
export type CostCheck = (asked: {
  document: DocumentNode
  operationName?: string | null | undefined
  variables?: Variables | null | undefined
}) => Measured

/**
 * Prepares the check of how much an operation asks for: the objects it may return, each list counted by the page it asks. What does not
 * depend on variables is worked out once per document.
 */
export function createCosts(schema: GraphQLSchema, listSizes: ListSizes): CostCheck {
  const known = new WeakMap<OperationDefinitionNode, Known>()
  return ({ document, operationName, variables }) => {
    const operation = getOperationAST(document, operationName)
    const root = operation && schema.getRootType(operation.operation)
    if (!operation || !root) return { faults: [], cost: 1 }
    let read = known.get(operation)
    if (!read) {
      const reading = { schema, listSizes, fragments: fragmentsOf(document) }
      read = { nodes: readCosts(reading, root, operation.selectionSet), base: baseCost(reading, operation) }
      known.set(operation, read)
    }
    const given = { ...defaultsOf(operation), ...variables }
    const tooLong = pagesBeyond(read.nodes, given)
    const objects = countObjects(read.nodes, given, PLAIN_LIST)
    const isTooMuch = objects > limits.objects
    const faults = isTooMuch ? [tooLarge({ what: 'objects', limit: limits.objects, node: operation })] : []
    return { faults: tooLong.length > 0 ? tooLong : faults, cost: read.base + objects }
  }
}

interface Reading {
  schema: GraphQLSchema
  listSizes: ListSizes
  fragments: ReadonlyMap<string, FragmentDefinitionNode>
}

function baseCost({ fragments }: Reading, { operation, selectionSet }: OperationDefinitionNode): number {
  const seen = new Set<string>()
  const count = (selections: SelectionSetNode['selections']): number => {
    let points = 0
    for (const selection of selections) {
      if (selection.kind === Kind.FIELD)
        points += INTROSPECTION[selection.name.value] ?? (operation === 'mutation' ? WRITE : 0)
      else if (selection.kind === Kind.INLINE_FRAGMENT) points += count(selection.selectionSet.selections)
      else if (!seen.has(selection.name.value)) {
        seen.add(selection.name.value)
        points += count(fragments.get(selection.name.value)?.selectionSet.selections ?? [])
      }
    }
    return points
  }
  return 1 + count(selectionSet.selections)
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
      known: reading.listSizes.get(`${parent.name}.${field.name.value}`) ?? null,
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
    const items = node.isList ? (page ?? node.known ?? listSize) : 1
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
