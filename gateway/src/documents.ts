import { GraphQLError, parse, specifiedRules, validate, type DocumentNode, type GraphQLSchema } from 'graphql'
import { LRUCache } from 'lru-cache'
import type { Limits } from './limits/check.ts'

/** Characters of document text that are kept parsed. */
const MOST_TEXT = 4_000_000

/** Parses and validates documents; the errors of one that may not run. */
export interface Documents {
  fromText(text: string): DocumentNode | readonly GraphQLError[]
  /** The same for a document that was parsed already. */
  faultsOf(document: DocumentNode): readonly GraphQLError[]
}

/** Every document is parsed and validated once, and stays the same object, so that its plan is found again. */
export function createDocuments(schema: GraphQLSchema, limits: Limits): Documents {
  const texts = new LRUCache<string, DocumentNode>({
    maxSize: MOST_TEXT,
    sizeCalculation: (_, text) => text.length + 1,
  })
  const checked = new WeakMap<DocumentNode, readonly GraphQLError[]>()
  const faultsOf = (document: DocumentNode): readonly GraphQLError[] => {
    let faults = checked.get(document)
    if (!faults)
      checked.set(
        document,
        (faults = validate(schema, document, [...specifiedRules, ...limits.rules], { maxErrors: 20 }).map(withCode)),
      )
    return faults
  }
  return {
    faultsOf,
    fromText(text) {
      const kept = texts.get(text)
      if (kept) return kept
      try {
        const document = parse(text, limits.parseOptions)
        const faults = faultsOf(document)
        if (faults.length > 0) return faults
        texts.set(text, document)
        return document
      } catch (error) {
        if (error instanceof GraphQLError) return [withCode(error, 'GRAPHQL_PARSE_FAILED')]
        throw error
      }
    },
  }
}

function withCode(error: GraphQLError, code: unknown): GraphQLError {
  const { message, nodes, source, positions, extensions } = error
  return new GraphQLError(message, {
    nodes,
    source,
    positions,
    extensions: { code: typeof code === 'string' ? code : 'GRAPHQL_VALIDATION_FAILED', ...extensions },
  })
}
