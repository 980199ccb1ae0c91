import { readFile } from 'node:fs/promises'
import {
  buildSchema,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isInputObjectType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  isRequiredArgument,
  type GraphQLArgument,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLSchema,
} from 'graphql'

/** A field of Query, Mutation or Subscription with a document that calls it: every argument is a variable of the same name. */
export interface Door {
  kind: 'query' | 'mutation' | 'subscription'
  name: string
  args: readonly GraphQLArgument[]
  document: string
}

/** A place of a door's variables that takes a value: `input.documentIds.0` is the first of a list in an input object. */
export interface Place {
  path: readonly (string | number)[]
  /** Name of the scalar or enum. */
  type: string
  required: boolean
}

const apiFile = new URL('../../../graph-schema/api.graphql', import.meta.url)

/** The published schema. */
export async function readApi(): Promise<GraphQLSchema> {
  return buildSchema(await readFile(apiFile, 'utf8'))
}

/** Every door of the schema, each asking for all that lies `depth` objects deep. */
export function listDoors(schema: GraphQLSchema, depth = 3): Door[] {
  const roots = [
    ['query', schema.getQueryType()],
    ['mutation', schema.getMutationType()],
    ['subscription', schema.getSubscriptionType()],
  ] as const
  return roots.flatMap(([kind, root]) =>
    Object.values(root?.getFields() ?? {}).map((field) => toDoor(schema, { kind, field, depth })),
  )
}

function toDoor(
  schema: GraphQLSchema,
  { kind, field, depth }: { kind: Door['kind']; field: GraphQLField<unknown, unknown>; depth: number },
): Door {
  const { name, args } = field
  const declared = args.map((arg) => `$${arg.name}: ${String(arg.type)}`).join(', ')
  const given = args.map((arg) => `${arg.name}: $${arg.name}`).join(', ')
  const call = args.length > 0 ? `${name}(${given})` : name
  return {
    kind,
    name,
    args,
    document: `${kind}${declared && ` Door(${declared})`} { ${call}${select(schema, field, depth)} }`,
  }
}

/** All leaves of the type and of what lies below it that can be asked for without arguments. */
function select(schema: GraphQLSchema, field: GraphQLField<unknown, unknown>, depth: number): string {
  const type = getNamedType(field.type)
  if (!isCompositeType(type)) return ''
  return ` { __typename ${fieldsOf(schema, type, { depth })} ${spread(schema, type, depth)} }`
}

function spread(schema: GraphQLSchema, type: GraphQLCompositeType, depth: number): string {
  if (!isAbstractType(type)) return ''
  return schema
    .getPossibleTypes(type)
    .map((each) => `... on ${each.name} { ${fieldsOf(schema, each, { depth, prefix: `${each.name}_` })} }`)
    .join(' ')
}

function fieldsOf(
  schema: GraphQLSchema,
  type: GraphQLCompositeType,
  { depth, prefix = '' }: { depth: number; prefix?: string },
): string {
  if (!isObjectType(type)) return ''
  const fields = Object.values(type.getFields()).filter(
    (field) => !field.args.some(isRequiredArgument) && field.name !== 'edges',
  )
  return fields
    .filter((field) => isLeafType(getNamedType(field.type)) || depth > 1)
    .map((field) => `${prefix && `${prefix}${field.name}: `}${field.name}${select(schema, field, depth - 1)}`)
    .join(' ')
}

/** Every place for a value in the door's variables. */
export function listPlaces({ args }: Door): Place[] {
  return args.flatMap((arg) => placesOf(arg.type, [arg.name], isNonNullType(arg.type)))
}

function placesOf(type: GraphQLInputType, path: readonly (string | number)[], required: boolean): Place[] {
  if (isNonNullType(type)) return placesOf(type.ofType, path, required)
  if (isListType(type)) return placesOf(type.ofType, [...path, 0], required)
  if (isInputObjectType(type)) {
    const fields = Object.values(type.getFields())
    // Of an input that may have anything and must have something, the first is given.
    const first = fields.some((field) => isNonNullType(field.type)) ? undefined : fields[0]
    return fields.flatMap((field) =>
      placesOf(field.type, [...path, field.name], required && (isNonNullType(field.type) || field === first)),
    )
  }
  return [{ path, type: type.name, required }]
}

/** Variables with these values at their places. */
export function toVariables(values: readonly { path: Place['path']; value: unknown }[]): Record<string, unknown> {
  const root: Record<string, unknown> = {}
  for (const { path, value } of values) put(root, path, value)
  return root
}

function put(root: Record<string, unknown>, path: Place['path'], value: unknown): void {
  let at = root as Record<string | number, unknown>
  for (const [index, key] of path.entries()) {
    const next = path[index + 1]
    if (next === undefined) at[key] = value
    else at = (at[key] ??= typeof next === 'number' ? [] : {}) as Record<string | number, unknown>
  }
}
