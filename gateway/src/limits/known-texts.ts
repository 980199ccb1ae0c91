import { createHash } from 'node:crypto'
import { LRUCache } from 'lru-cache'

/** Characters of the texts that callers have had kept. */
const MOST_TEXT = 4_000_000

/** Documents that are known by a name: those of the web application, and those that callers sent together with their hash. */
export interface KnownTexts {
  /** The text of a document of the web application; undefined when it has no such document. */
  trusted(documentId: string): string | undefined
  /** The same, and what was kept. */
  find(documentId: string): string | undefined
  /** Whether the name is the text's own hash, the only one under which it may be kept. */
  isNameOf(documentId: string, text: string): boolean
  /** Keeps a text under its hash; to be called only for one that may run. */
  keep(documentId: string, text: string): void
}

/** Digits of a hash that are enough to name a document of the web application. */
const SHORT = 16

/**
 * `trusted` has the texts of the web application's documents by `sha256:` and their hash, of which the first sixteen digits are enough. What is kept beside them gives way when it is too much.
 */
export function createKnownTexts(documents: ReadonlyMap<string, string>): KnownTexts {
  const short = [...documents].map(([name, text]) => [name.slice(0, 'sha256:'.length + SHORT), text] as const)
  const trusted = new Map([...documents, ...short])
  const kept = new LRUCache<string, string>({ maxSize: MOST_TEXT, sizeCalculation: (text) => text.length + 1 })
  return {
    trusted: (documentId) => trusted.get(nameOf(documentId)),
    find: (documentId) => trusted.get(nameOf(documentId)) ?? kept.get(nameOf(documentId)),
    isNameOf: (documentId, text) => nameOf(documentId) === hashOf(text),
    keep: (documentId, text) => void kept.set(nameOf(documentId), text),
  }
}

/** The name of a text: `sha256:` and its hash in hexadecimal. */
export function hashOf(text: string): string {
  return nameOf(createHash('sha256').update(text).digest('hex'))
}

function nameOf(documentId: string): string {
  return documentId.startsWith('sha256:') ? documentId : `sha256:${documentId}`
}
