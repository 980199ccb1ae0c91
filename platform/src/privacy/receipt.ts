import { createHash } from 'node:crypto'
import { z } from 'zod'
import { verifySignature, type Signer } from '../sealing/sealing.ts'
import type { ErasureChoice, KeptReason } from './privacy.ts'
import type { Subject } from './subject.ts'

const store = z.strictObject({
  store: z.string(),
  /** How many things were there. */
  count: z.int().nonnegative(),
  /** SHA-256 of their ids in order, one a line: whoever has the ids can tell that it is these. */
  digest: z.string(),
})

const receipt = z.strictObject({
  format: z.literal(1),
  id: z.string(),
  organizationId: z.string(),
  kind: z.enum(['PERSON', 'ORGANIZATION']),
  /** SHA-256 over the receipt's id and what was looked for: whoever knows both can tell that it is about them. */
  subject: z.string(),
  choice: z.string().nullable(),
  requestedBy: z.string().nullable(),
  requestedAt: z.iso.datetime(),
  approvedBy: z.string().nullable(),
  finishedAt: z.iso.datetime(),
  erased: z.array(store),
  kept: z.array(store.extend({ reason: z.string() })),
})

/** What an erasure did, without a word of what was erased. */
export type Receipt = z.output<typeof receipt>

const signedReceipt = z.strictObject({
  receipt,
  keyId: z.string(),
  /** Ed25519, DER in base64. */
  publicKey: z.string(),
  signature: z.string(),
})
export type SignedReceipt = z.output<typeof signedReceipt>

interface Done {
  id: string
  organizationId: string
  kind: Receipt['kind']
  subject: Subject | null
  choice: ErasureChoice | null
  requestedBy: string | null
  requestedAt: Date
  approvedBy: string | null
  finishedAt: Date
  stores: readonly { store: string; ids: readonly string[]; count?: number; kept?: KeptReason }[]
}

/** Writes down and signs what was erased and what had to be kept. */
export function createReceipt(signer: Signer, done: Done): SignedReceipt {
  const written: Receipt = {
    format: 1,
    id: done.id,
    organizationId: done.organizationId,
    kind: done.kind,
    subject: digestOf([done.id, ...namesOf(done.subject)]),
    choice: done.choice,
    requestedBy: done.requestedBy,
    requestedAt: done.requestedAt.toISOString(),
    approvedBy: done.approvedBy,
    finishedAt: done.finishedAt.toISOString(),
    erased: done.stores.filter(({ kept }) => !kept).map(toStore),
    kept: done.stores.flatMap((one) => (one.kept ? [{ ...toStore(one), reason: one.kept }] : [])),
  }
  return {
    receipt: written,
    keyId: signer.keyId,
    publicKey: signer.publicKey,
    signature: signer.sign(canonical(written)),
  }
}

/** The receipt in a text; null when it is none. */
export function readReceipt(text: string): SignedReceipt | null {
  try {
    return signedReceipt.parse(JSON.parse(text))
  } catch {
    return null
  }
}

/** True when nothing of it was changed since the installation with this public key signed it. */
export function verifyReceipt({ receipt: written, signature }: SignedReceipt, publicKey: string): boolean {
  return verifySignature(canonical(written), { publicKey, signature })
}

function toStore({ store: name, ids, count }: Done['stores'][number]): z.output<typeof store> {
  return { store: name, count: count ?? ids.length, digest: digestOf(ids.toSorted()) }
}

function namesOf(subject: Subject | null): string[] {
  if (!subject) return []
  return [subject.userId ?? '', ...subject.emails, ...subject.phones, ...subject.names, ...subject.entityIds]
}

function digestOf(lines: readonly string[]): string {
  return createHash('sha256').update(lines.join('\n')).digest('hex')
}

/** JSON with the names of objects in order, so that a receipt reads the same wherever it was kept. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_name, inner: unknown) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  )
}
