import type { DocumentNode } from 'graphql'

/** The name under which the server keeps a document of ours; nothing for one that was written on the way. */
export function nameOfDocument(document: DocumentNode): string | undefined {
  const { __meta__: meta } = document as DocumentNode & { __meta__?: { hash?: string } }
  return meta?.hash
}

/** What a request says instead of the document's text. */
export function persisted(name: string): { persistedQuery: { version: 1; sha256Hash: string } } {
  return { persistedQuery: { version: 1, sha256Hash: name } }
}

/** The server answers so when it does not know a name: it is of another version than this page. */
export const unknownName = 'PERSISTED_QUERY_NOT_FOUND'
