import { addResolversToSchema, buildSubgraphSchema } from '@apollo/subgraph'
import { assertCompositionSuccess, composeServices } from '@theguild/federation-composition'
import { buildSchema, parse, type GraphQLSchema } from 'graphql'
import type { TestSubgraph } from './town.ts'

/** The subgraph as a schema that runs by itself. */
export function toSchema({ typeDefs, resolvers }: TestSubgraph): GraphQLSchema {
  return buildSubgraphSchema([{ typeDefs: parse(typeDefs), resolvers }])
}

/** The supergraph of these subgraphs; throws with the composition's own words when they do not fit together. */
export function toSupergraph(subgraphs: readonly TestSubgraph[]): string {
  const result = composeServices(
    subgraphs.map(({ name, typeDefs }) => ({ name, typeDefs: parse(typeDefs), url: `local://${name}` })),
  )
  assertCompositionSuccess(result)
  return result.supergraphSdl
}

/** One schema with all the resolvers: what the federated answer is compared with. */
export function toMonolith(apiSdl: string, subgraphs: readonly TestSubgraph[]): GraphQLSchema {
  const schema = buildSchema(apiSdl)
  for (const { resolvers } of subgraphs) addResolversToSchema(schema, resolvers)
  return schema
}
