import { createHash } from 'node:crypto'

/** Who did it: a person, a program with a key, an AI for whom the ids tell, or the house itself. */
export const auditAuthors = ['PERSON', 'KEY', 'AI', 'SERVICE'] as const
export type AuditAuthor = (typeof auditAuthors)[number]

/** An entry with everything that its hash is made of. */
export interface ChainedEntry {
  organizationId: string
  position: number
  occurredAt: Date
  author: string
  userId: string | null
  keyId: string | null
  sessionId: string | null
  requestId: string | null
  caller: string | null
  action: string
  subjectKind: string | null
  subjectId: string | null
  /** The JSON text as it is stored, byte for byte. */
  detail: string
}

/** What the first entry of a chain follows. */
export const chainStart: Buffer = Buffer.alloc(32)

/**
 * The hash that continues a chain: SHA-256 over the hash before it and the entry, as a JSON array whose order and first element (the version) are fixed.
 * A chain that was written once is verified with these bytes for ever.
 */
export function continueChain(previous: Uint8Array, entry: ChainedEntry): Buffer {
  const canonical = JSON.stringify([
    'passerelle.audit.1',
    entry.organizationId,
    entry.position,
    entry.occurredAt.toISOString(),
    entry.author,
    entry.userId,
    entry.keyId,
    entry.sessionId,
    entry.requestId,
    entry.caller,
    entry.action,
    entry.subjectKind,
    entry.subjectId,
    entry.detail,
  ])
  return createHash('sha256').update(previous).update(canonical).digest()
}
