import { printSubgraphSchema } from '@apollo/subgraph'
import type { GraphQLSchema } from 'graphql'

/** A subgraph's part of the graph as text, in an order that depends on nothing but its content. */
export function toSubgraphSdl(schema: GraphQLSchema): string {
  return `${printSubgraphSchema(schema).trim()}\n`
}
