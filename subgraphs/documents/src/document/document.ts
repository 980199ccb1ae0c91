import { audit } from '@passerelle/platform/audit'
import { newId } from '@passerelle/platform/ids'
import { InvalidInput, NotFound, parseInput, type Viewer } from '@passerelle/platform/schema'
import type { Tx } from '@passerelle/platform/sql'
import type { Platform } from '@passerelle/platform/subgraph'
import { requireRoom } from '@passerelle/platform/usage'
import { z } from 'zod'
import { takeOut } from './document-removal.ts'
import { findDocument, insertDocument, lockDocument } from './document.store.ts'
import { enqueueIngestion } from '../ingestion/queue.ts'
import { levels } from '../usage/levels.ts'
import { READING_LIMITS } from '../reading/reading.ts'
import { resetForRun, writeStatus } from '../status/status.store.ts'
import { finalStages, type Status } from '../status/status.ts'

/** A file of an organisation, and how far it has been read. */
export interface Document {
  id: string
  organizationId: string
  title: string
  filename: string
  contentType: string
  size: number
  hash: string | null
  /** The file named somebody who was erased: nobody reads it here any more. */
  withheld: boolean
  kind: string | null
  language: string | null
  pageCount: number | null
  /** Of a recording, in milliseconds. */
  durationMs: number | null
  /** The model whose space its passages' vectors lie in; null while they have none. */
  embeddingModel: string | null
  run: number
  status: Status
  createdAt: Date
}

/** The largest file taken in. */
export const maxBytes = READING_LIMITS.bytes

/** What file systems take. */
const longestName = 255

const uploadInput = z.object({
  filename: z
    .string()
    .max(longestName, `A file name has at most ${longestName} characters.`)
    .transform(toPlainName)
    .refine((name) => name.length > 0, 'A file name is needed.'),
  size: z
    .int('A size is a whole number of bytes.')
    .min(1, 'An empty file cannot be read.')
    .max(maxBytes, 'A file has at most 50 MB.'),
  contentType: z.string().max(200).nullish(),
})

/**
 * Announces a file: the row is there, its bytes are awaited. InvalidInput when it could never be taken in, QuotaExceeded when the organisation may have no
 * more.
 */
export async function createDocument(
  platform: Platform,
  viewer: Viewer,
  input: z.input<typeof uploadInput>,
): Promise<Document> {
  const { filename, size, contentType } = parseInput(uploadInput, input)
  const cursor = await platform.facts.head(viewer.organizationId)
  return platform.sql.withOrganization(viewer, async (tx) => {
    const id = newId('doc')
    await insertDocument(tx, {
      id,
      organizationId: viewer.organizationId,
      title: toTitle(filename),
      filename,
      size,
      contentType: contentType || 'application/octet-stream',
      createdBy: viewer.userId,
      cursor,
    })
    requireRoom(tx, levels, { documents: 1, storageBytes: size })
    return requireDocument(tx, id)
  })
}

/** Reads a document anew from its file. NotFound when there is none or its bytes never arrived. */
export function reprocessDocument(platform: Platform, viewer: Viewer, id: string): Promise<Document> {
  return platform.sql.withOrganization(viewer, async (tx) => {
    const document = await holdDocument(tx, id)
    // What was covered must not be read from the file again.
    if (!document.hash || document.withheld) throw new NotFound()
    await startRun(tx, platform, document.id)
    return requireDocument(tx, document.id)
  })
}

/** Opens a new reading of a document whose bytes are there; the one under way, if any, ends first. */
export async function startRun(
  tx: Tx,
  platform: Platform,
  documentId: string,
  { priority = 0 }: { priority?: number } = {},
): Promise<void> {
  const run = await resetForRun(tx, documentId)
  await writeStatus(tx, { documentId, run }, { stage: 'STORING' })
  await enqueueIngestion(tx, platform.jobs, { documentId, run, priority })
}

/** Stops the reading of a document that is not finished yet; what was read so far is dropped. InvalidInput when it is finished. */
export function cancelIngestion(platform: Platform, viewer: Viewer, id: string): Promise<Document> {
  return platform.sql.withOrganization(viewer, async (tx) => {
    const document = await holdDocument(tx, id)
    if (finalStages.includes(document.status.stage)) throw new InvalidInput('This document is not being read.', ['id'])
    const run = { documentId: document.id, run: await resetForRun(tx, document.id) }
    await writeStatus(tx, run, { stage: 'CANCELLED' })
    // What an earlier reading left in the index and the graph is taken out by a job, after the one that may still be at work.
    if (document.hash) await enqueueIngestion(tx, platform.jobs, run)
    return requireDocument(tx, document.id)
  })
}

/** Deletes a document; its traces in every other store go with the fact. */
export function deleteDocument(platform: Platform, viewer: Viewer, id: string): Promise<{ id: string }> {
  return platform.sql.withOrganization(viewer, (tx) => removeDocument(tx, id))
}

/** The same with the caller's transaction. NotFound when there is none. */
export async function removeDocument(tx: Tx, id: string): Promise<{ id: string }> {
  const document = await holdDocument(tx, id)
  await takeOut(tx, document)
  audit(tx, { action: 'document.deleted', subject: { kind: 'Document', id: document.id } })
  return { id: document.id }
}

/** The document under an id, or the one that holds the same bytes; NotFound when there is none here. */
export async function requireDocument(tx: Tx, id: string): Promise<Document> {
  const document = await findDocument(tx, id)
  if (!document) throw new NotFound()
  return document
}

/** The same, held until the transaction ends: what is decided on it stays true. */
export async function holdDocument(tx: Tx, id: string): Promise<Document> {
  const { id: held } = await requireDocument(tx, id)
  await lockDocument(tx, held)
  return requireDocument(tx, id)
}

/** What a file is called before anybody calls it otherwise: its name without the ending. */
export function toTitle(filename: string): string {
  return filename.replace(/\.[a-z0-9]{1,5}$/i, '') || filename
}

/** A name without folders or control characters, and not too long: it is shown and offered for download, never used as a path. */
export function toPlainName(filename: string): string {
  return toPlainTitle(filename.split(/[/\\]/).at(-1) ?? '')
}

/** What is shown as a title: without control characters, and not too long. */
export function toPlainTitle(text: string): string {
  const shown = [...text.toWellFormed().normalize('NFC')].filter((character) => !/[\p{Cc}\p{Cf}]/u.test(character))
  return shown.slice(0, longestName).join('').trim()
}
