import { GraphQLError, parse, specifiedRules, validate, type DocumentNode, type GraphQLSchema } from 'graphql'
import { LRUCache } from 'lru-cache'
import type { Limits } from './limits/check.ts'

/** Characters of document text that are kept parsed. */
const MOST_TEXT = 4_000_000

/** Parses and validates documents, each once: it stays the same object, so that its plan is found again. */
export interface Documents {
  /** The document, or the errors of one that may not run. */
  fromText(text: string): DocumentNode | readonly GraphQLError[]
  /** The same for a document that was parsed already. */
  faultsOf(document: DocumentNode): readonly GraphQLError[]
  /** In what the text is too large to be validated by whoever does that; what is not GraphQL is left to them, too. */
  sizeFaults(text: string): readonly GraphQLError[]
}

export function createDocuments(schema: GraphQLSchema, limits: Limits): Documents {
  const cacheOptions = { maxSize: MOST_TEXT, sizeCalculation: (_: unknown, text: string) => text.length + 1 }
  const texts = new LRUCache<string, DocumentNode>(cacheOptions)
  const smallTexts = new LRUCache<string, true>(cacheOptions)
  const checked = new WeakMap<DocumentNode, readonly GraphQLError[]>()
  const faultsOf = (document: DocumentNode): readonly GraphQLError[] => {
    let faults = checked.get(document)
    if (!faults) {
      faults = limits.sizeFaults(document)
      if (faults.length === 0) faults = validate(schema, document, specifiedRules, { maxErrors: 20 }).map(asInvalid)
      checked.set(document, faults)
    }
    return faults
  }
  return {
    faultsOf,
    fromText(text) {
      const kept = texts.get(text)
      if (kept) return kept
      const document = parseOrFault(text, limits)
      if (document instanceof GraphQLError) return [document]
      const faults = faultsOf(document)
      if (faults.length > 0) return faults
      texts.set(text, document)
      return document
    },
    sizeFaults(text) {
      if (smallTexts.has(text)) return []
      const document = parseOrFault(text, limits)
      const faults = document instanceof GraphQLError ? [] : limits.sizeFaults(document)
      if (faults.length === 0) smallTexts.set(text, true)
      return faults
    },
  }
}

function parseOrFault(text: string, limits: Limits): DocumentNode | GraphQLError {
  try {
    return parse(text, limits.parseOptions)
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error
    const { message, source, positions } = error
    return new GraphQLError(message, { source, positions, extensions: { code: 'GRAPHQL_PARSE_FAILED' } })
  }
}

function asInvalid({ message, nodes }: GraphQLError): GraphQLError {
  return new GraphQLError(message, { nodes, extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } })
}
