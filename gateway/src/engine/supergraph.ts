import { transformSupergraphToPublicSchema } from '@theguild/federation-composition'
import { buildASTSchema, buildSchema, isAbstractType, parse, type GraphQLSchema } from 'graphql'

/** What the engine has to know about the graph beyond what clients may see. */
export interface Supergraph {
  /** What clients see and may ask. */
  apiSchema: GraphQLSchema
  /** True when an object of type `typename` is also a `condition`: the same type, an interface of it, or a union with it. */
  isA(typename: string, condition: string): boolean
  /** Every field name of the graph, hidden ones included: an alias that equals one of them could shadow a key. */
  fieldNames: ReadonlySet<string>
}

/**
 * Reads a composed supergraph. What clients see is all of it that is public, or the part that a contract names. Throws when the text is not one.
 */
export function readSupergraph(supergraphSdl: string, contractSdl?: string): Supergraph {
  const document = parse(supergraphSdl, { noLocation: true })
  const apiSchema = contractSdl
    ? buildSchema(contractSdl, { noLocation: true })
    : buildASTSchema(transformSupergraphToPublicSchema(document), { assumeValidSDL: true })
  const full = buildASTSchema(document, { assumeValidSDL: true })
  return { apiSchema, isA: kinship(full), fieldNames: fieldNamesOf(full) }
}

function kinship(schema: GraphQLSchema): Supergraph['isA'] {
  const members = new Map<string, ReadonlySet<string>>()
  for (const type of Object.values(schema.getTypeMap())) {
    if (isAbstractType(type))
      members.set(type.name, new Set(schema.getPossibleTypes(type).map((member) => member.name)))
  }
  return (typename, condition) => typename === condition || (members.get(condition)?.has(typename) ?? false)
}

function fieldNamesOf(schema: GraphQLSchema): ReadonlySet<string> {
  const names = new Set<string>()
  for (const type of Object.values(schema.getTypeMap())) {
    if (!type.name.startsWith('__') && 'getFields' in type)
      for (const name of Object.keys(type.getFields())) names.add(name)
  }
  return names
}
