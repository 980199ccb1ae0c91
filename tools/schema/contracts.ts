import { composeSchemaContract, transformSupergraphToPublicSchema } from '@theguild/federation-composition'
import {
  buildASTSchema,
  getNamedType,
  isAbstractType,
  isInterfaceType,
  isObjectType,
  isUnionType,
  lexicographicSortSchema,
  parse,
  printSchema,
  type GraphQLSchema,
} from 'graphql'
import { CompositionFailed } from './compose.ts'

/** What the callers of a contract see, of subgraphs whose SDL is tagged throughout; sorted. Throws CompositionFailed. */
export function composeContract(subgraphs: ReadonlyMap<string, string>, tag: string): string {
  const services = [...subgraphs].map(([name, sdl]) => ({ name, typeDefs: parse(sdl) }))
  const result = composeSchemaContract(services, { include: new Set([tag]), exclude: new Set() })
  if (result.supergraphSdl === undefined) throw new CompositionFailed(result.errors.map((error) => error.message))
  const schema = buildASTSchema(transformSupergraphToPublicSchema(parse(result.supergraphSdl)))
  return `${printSchema(lexicographicSortSchema(schema)).trim()}\n`
}

/**
 * What would come out of the contract as nothing, because an answer can be of a type that its callers do not see: a member of a union, or a type behind an
 * interface that a field answers with. Empty when every answer can be told.
 */
export function untellable(api: GraphQLSchema, contract: GraphQLSchema): string[] {
  const seen = new Set(
    Object.values(contract.getTypeMap())
      .filter(isObjectType)
      .map(({ name }) => name),
  )
  const answered = new Set(
    Object.values(contract.getTypeMap())
      .filter((type) => isObjectType(type) || isInterfaceType(type))
      .flatMap((type) => Object.values(type.getFields()).map((field) => getNamedType(field.type).name)),
  )
  return [...answered].flatMap((name) => {
    const type = api.getType(name)
    if (!isAbstractType(type)) return []
    const kind = isUnionType(type) ? 'member' : 'type'
    const outside = api.getPossibleTypes(type).filter((member) => !seen.has(member.name))
    return outside.map((member) => `${name} has a ${kind} ${member.name} that is not in the contract`)
  })
}
