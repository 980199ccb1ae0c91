import type { DocumentNode, GraphQLError, GraphQLSchema } from 'graphql'
import { createCosts, type CostCheck } from './cost.ts'
import { limits } from './limits.ts'
import { sizeFaults } from './size.ts'

export interface Limits {
  parseOptions: { maxTokens: number }
  /** What can be said about a document by itself; asked once per document, before it is validated. */
  sizeFaults(document: DocumentNode): GraphQLError[]
  /** What depends on the variables. */
  check: CostCheck
}

/** The limits of one graph, for every door that lets operations in. */
export function openLimits(apiSchema: GraphQLSchema): Limits {
  return { parseOptions: { maxTokens: limits.tokens }, sizeFaults, check: createCosts(apiSchema) }
}
