import { readFileSync } from 'node:fs'
import {
  buildSchema,
  getNamedType,
  getNullableType,
  graphql,
  isAbstractType,
  isEnumType,
  isListType,
  isObjectType,
  type GraphQLFieldResolver,
  type GraphQLOutputType,
  type GraphQLSchema,
  type GraphQLTypeResolver,
} from 'graphql'
import { join } from 'node:path'

/** The published schema of the API. */
export const apiSchema: GraphQLSchema = buildSchema(
  readFileSync(join(import.meta.dirname, '../../../graph-schema/api.graphql'), 'utf8'),
)

/** The documents of this application, by the name under which they are asked. */
export const sentTexts: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(
    JSON.parse(readFileSync(join(import.meta.dirname, '../../../graph-schema/web-documents.json'), 'utf8')) as Record<
      string,
      string
    >,
  ).map(([name, text]) => [name.slice('sha256:'.length, 'sha256:'.length + 16), text]),
)

/** By `Type.field`; each is given that name and the field's arguments. */
export type Sample = Record<string, (field: string, args: Record<string, unknown>) => unknown>

let count = 0

/** A value of any type of the schema: what `sample` says for `Type.field`, else something of the right shape. */
function sampleOf(type: GraphQLOutputType, path: string): unknown {
  const bare = getNullableType(type)
  if (isListType(bare)) return [sampleOf(bare.ofType, path), sampleOf(bare.ofType, path)]
  const named = getNamedType(bare)
  if (isObjectType(named) || isAbstractType(named)) return {}
  if (isEnumType(named)) return named.getValues()[0]?.value
  if (named.name === 'ID') return `id_${++count}`
  if (named.name === 'Int') return 2
  if (named.name === 'Float') return 0.5
  if (named.name === 'Boolean') return false
  if (named.name === 'DateTime') return '2026-11-20T10:00:00.000Z'
  if (named.name === 'Date') return '2026-11-20'
  return path
}

/** Answers operations from the schema alone, for components to be shown with something plausible. */
export function sampleApi(sample: Sample = {}) {
  const fieldResolver: GraphQLFieldResolver<unknown, unknown> = (
    source,
    args,
    _context,
    { fieldName, parentType, returnType },
  ) => {
    const path = `${parentType.name}.${fieldName}`
    const said = sample[path]
    if (said) return said(path, args)
    const given = (source as Record<string, unknown> | undefined)?.[fieldName]
    return given === undefined ? sampleOf(returnType, path) : given
  }
  const typeResolver: GraphQLTypeResolver<unknown, unknown> = (value, _context, { schema }, type) =>
    (value as { __typename?: string }).__typename ?? schema.getPossibleTypes(type)[0]?.name
  return (source: string, variableValues: Record<string, unknown>) =>
    graphql({ schema: apiSchema, source, variableValues, fieldResolver, typeResolver })
}
