import type { GraphQLSchema, ValidationRule } from 'graphql'
import { createCosts, type CostCheck } from './cost.ts'
import { limits } from './limits.ts'
import { sizeRule } from './size.ts'

export interface Limits {
  parseOptions: { maxTokens: number }
  /** What can be said about a document by itself; checked once per document, with the specification's own rules. */
  rules: readonly ValidationRule[]
  /** What depends on the variables. */
  check: CostCheck
}

/** The limits of one graph, for every door that lets operations in. */
export function openLimits(apiSchema: GraphQLSchema): Limits {
  return { parseOptions: { maxTokens: limits.tokens }, rules: [sizeRule], check: createCosts(apiSchema) }
}
