import { GraphQLError, parse, type DocumentNode, type GraphQLSchema } from 'graphql'
import { createCosts, type CostCheck, type ListSizes } from './cost.ts'
import { lighten } from './light.ts'
import { limits } from './limits.ts'
import { sizeFaults } from './size.ts'
import { tooLarge } from './too-large.ts'

export interface Limits {
  /** Reads a text no further than it may be long; answers the fault of one that is longer, or that is not GraphQL. */
  parse(text: string): DocumentNode | GraphQLError
  /** What can be said about a document by itself; asked once per document, before it is validated. */
  sizeFaults(document: DocumentNode): GraphQLError[]
  /** What depends on the variables. */
  check: CostCheck
}

/** The limits of one graph, for every door that lets operations in. */
export function openLimits(apiSchema: GraphQLSchema, listSizes: ListSizes = new Map()): Limits {
  return { parse: parseWithin, sizeFaults, check: createCosts(apiSchema, listSizes) }
}

/** How the parser says that it went no further; nothing that stands in a text begins a message. */
const TOO_MANY_TOKENS = /^Syntax Error: Document contains more tha[nt] \d+ tokens\b/

function parseWithin(text: string): DocumentNode | GraphQLError {
  if (text.length > limits.text) return tooLarge({ what: 'text', limit: limits.text })
  try {
    return lighten(parse(text, { maxTokens: limits.tokens }))
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error
    const { message, source, positions } = error
    if (TOO_MANY_TOKENS.test(message)) return tooLarge({ what: 'tokens', limit: limits.tokens })
    return new GraphQLError(message, { source, positions, extensions: { code: 'GRAPHQL_PARSE_FAILED' } })
  }
}
