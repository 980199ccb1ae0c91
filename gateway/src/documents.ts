import {
  GraphQLError,
  specifiedRules,
  validate,
  type DocumentNode,
  type GraphQLSchema,
  type ValidationRule,
} from 'graphql'
import { LRUCache } from 'lru-cache'
import type { Limits } from './limits/check.ts'
import { weightOf } from './limits/light.ts'

/** What the documents that are kept may take, in bytes. */
const MOST_BYTES = 16_000_000

/** Parses and validates documents, each once: it stays the same object, so that its plan is found again. */
export interface Documents {
  /** The document, or the errors of one that may not run. */
  fromText(text: string): DocumentNode | readonly GraphQLError[]
  /** The same for a document that was parsed already. */
  faultsOf(document: DocumentNode): readonly GraphQLError[]
}

export function createDocuments(schema: GraphQLSchema, limits: Limits): Documents {
  const texts = new LRUCache<string, DocumentNode>({
    maxSize: MOST_BYTES,
    sizeCalculation: weightOf,
  })
  const checked = new WeakMap<DocumentNode, readonly GraphQLError[]>()
  const faultsOf = (document: DocumentNode): readonly GraphQLError[] => {
    let faults = checked.get(document)
    if (!faults) {
      faults = limits.sizeFaults(document)
      if (faults.length === 0) faults = validate(schema, document, rules, { maxErrors: 20 }).map(asInvalid)
      checked.set(document, faults)
    }
    return faults
  }
  return {
    faultsOf,
    fromText(text) {
      const kept = texts.get(text)
      if (kept) return kept
      const document = limits.parse(text)
      if (document instanceof GraphQLError) return [document]
      const faults = faultsOf(document)
      if (faults.length > 0) return faults
      texts.set(text, document)
      return document
    },
  }
}

/** A schema may have nothing to change, or nothing to follow: what is asked of a root that is not there is otherwise found to be right. */
const rootIsThere: ValidationRule = (context) => ({
  OperationDefinition(node) {
    if (context.getSchema().getRootType(node.operation)) return undefined
    context.reportError(new GraphQLError(`There is no ${node.operation} in this schema.`, { nodes: node }))
    return false
  },
})
const rules = [...specifiedRules, rootIsThere]

function asInvalid({ message, nodes }: GraphQLError): GraphQLError {
  return new GraphQLError(message, { nodes, extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } })
}
