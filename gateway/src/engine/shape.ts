import {
  Kind,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isEnumType,
  isListType,
  isNonNullType,
  isObjectType,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql'
import { planKey } from './aliases.ts'
import { nothing } from './conditions.ts'

/** The form of an answer: what the client asked for, in its order, by its names. */
export interface FieldShape {
  /** The client's response key. */
  key: string
  /** Where the value stands in what the plan gathered. */
  source: string
  value: ValueShape
}

/** `coordinate` is `Type.field`, for messages. */
export type ValueShape = { nullable: boolean; coordinate: string } & (
  | { kind: 'typename' }
  /** `members` of an enum: a value that clients may not see is no value. */
  | { kind: 'leaf'; members: ReadonlySet<string> | null }
  | { kind: 'list'; items: ValueShape }
  | { kind: 'object'; selectionOf(typename: unknown): ObjectShape | null }
)

export interface ObjectShape {
  typename: string
  fields: readonly FieldShape[]
}

export interface ShapeSource {
  schema: GraphQLSchema
  document: DocumentNode
  operation: OperationDefinitionNode
  fieldNames: ReadonlySet<string>
}

/** Computes the form of the answer to a document without conditions. Inner selections are computed when a value needs them. */
export function shapeOf(source: ShapeSource): ObjectShape {
  const { schema, operation } = source
  const root = schema.getRootType(operation.operation)
  if (!root) throw new Error(`The graph has no ${operation.operation}.`)
  const fragments = new Map<string, FragmentDefinitionNode>()
  for (const definition of source.document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition)
  }
  return objectShape({ ...source, fragments }, root, [operation.selectionSet])
}

interface Shaping extends ShapeSource {
  fragments: ReadonlyMap<string, FragmentDefinitionNode>
}

function objectShape(
  shaping: Shaping,
  type: GraphQLObjectType,
  selectionSets: readonly SelectionSetNode[],
): ObjectShape {
  const collected = new Map<string, FieldNode[]>()
  const visited = new Set<string>()
  for (const selectionSet of selectionSets) collect({ shaping, type, collected, visited }, selectionSet)
  const fields: FieldShape[] = []
  for (const [key, nodes] of collected) {
    const field = fieldShape(shaping, type, { key, nodes })
    if (field) fields.push(field)
  }
  return { typename: type.name, fields }
}

interface Collecting {
  shaping: Shaping
  type: GraphQLObjectType
  collected: Map<string, FieldNode[]>
  visited: Set<string>
}

function collect(into: Collecting, selectionSet: SelectionSetNode): void {
  const { shaping, type, collected, visited } = into
  for (const selection of selectionSet.selections) {
    if (selection === nothing) continue
    if (selection.kind === Kind.FIELD) {
      const key = selection.alias?.value ?? selection.name.value
      const nodes = collected.get(key)
      if (nodes) nodes.push(selection)
      else collected.set(key, [selection])
    } else if (selection.kind === Kind.INLINE_FRAGMENT) {
      if (applies(shaping.schema, type, selection.typeCondition?.name.value)) collect(into, selection.selectionSet)
    } else if (!visited.has(selection.name.value)) {
      visited.add(selection.name.value)
      const fragment = shaping.fragments.get(selection.name.value)
      if (fragment && applies(shaping.schema, type, fragment.typeCondition.name.value))
        collect(into, fragment.selectionSet)
    }
  }
}

function fieldShape(
  shaping: Shaping,
  parent: GraphQLObjectType,
  asked: { key: string; nodes: readonly FieldNode[] },
): FieldShape | null {
  const { key, nodes } = asked
  const name = nodes[0]?.name.value ?? key
  const source = planKey({ alias: key, name, fieldNames: shaping.fieldNames })
  const coordinate = `${parent.name}.${name}`
  if (name === '__typename') return { key, source, value: { kind: 'typename', nullable: false, coordinate } }
  const inner = nodes.flatMap((node) => (node.selectionSet ? [node.selectionSet] : []))
  // The schema answers its own questions in full: that part is taken over as it stands.
  if (name.startsWith('__'))
    return { key, source: key, value: { kind: 'leaf', nullable: true, members: null, coordinate } }
  const field = parent.getFields()[name]
  return field ? { key, source, value: valueShape({ shaping, coordinate, inner }, field.type) } : null
}

interface Valuing {
  shaping: Shaping
  coordinate: string
  inner: readonly SelectionSetNode[]
}

function valueShape(valuing: Valuing, type: GraphQLOutputType): ValueShape {
  const base = { nullable: !isNonNullType(type), coordinate: valuing.coordinate }
  const core = isNonNullType(type) ? type.ofType : type
  if (isListType(core)) return { ...base, kind: 'list', items: valueShape(valuing, core.ofType) }
  const named = getNamedType(core)
  if (isCompositeType(named)) return { ...base, kind: 'object', selectionOf: selections(valuing, named) }
  return {
    ...base,
    kind: 'leaf',
    members: isEnumType(named) ? new Set(named.getValues().map((value) => value.name)) : null,
  }
}

/** What is asked of an object, by its type's name where the schema leaves the type open. */
function selections(
  { shaping, inner }: Valuing,
  named: GraphQLCompositeType,
): (typename: unknown) => ObjectShape | null {
  const { schema } = shaping
  const known = new Map<string, ObjectShape | null>()
  const selectionOf = (typename: string): ObjectShape | null => {
    const found = known.get(typename)
    if (found !== undefined) return found
    const object = schema.getType(typename)
    const isOne =
      isObjectType(object) && (object === named || (isAbstractType(named) && schema.isSubType(named, object)))
    const shape = isOne ? objectShape(shaping, object, inner) : null
    known.set(typename, shape)
    return shape
  }
  return isAbstractType(named)
    ? (typename) => (typeof typename === 'string' ? selectionOf(typename) : null)
    : () => selectionOf(named.name)
}

function applies(schema: GraphQLSchema, type: GraphQLObjectType, condition: string | undefined): boolean {
  if (condition === undefined || condition === type.name) return true
  const conditional = schema.getType(condition)
  return isAbstractType(conditional) && schema.isSubType(conditional, type)
}
