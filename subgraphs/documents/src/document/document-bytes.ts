import type { Readable } from 'node:stream'
import type { StoredBlob } from '@passerelle/platform/blobs'
import { NotFound, Refusal } from '@passerelle/platform/schema'
import type { Tx } from '@passerelle/platform/sql'
import type { Platform } from '@passerelle/platform/subgraph'
import { holdDocument, startRun, type Document } from './document.ts'
import { enqueueIngestion } from '../ingestion/queue.ts'
import { announceAs, writeStatus } from '../status/status.store.ts'
import { forgetArrival, foreseeArrival, forgottenArrivals, takeForgottenArrival } from '../uploads/arrival.store.ts'
import { moveMembership } from '../collections/collection.store.ts'
import { claimHash, findByHash, giveBack, lockHash, pointTo } from '../uploads/upload.store.ts'

/** Why the bytes were not taken; the HTTP route turns it into a status. */
export class UploadRefused extends Refusal {}

/** Puts bytes into the blob store, for `giveBytes`. Those that nobody claims within a day, because a kill came between, are swept. */
export function storeBytes(
  { sql, blobs }: Platform,
  organizationId: string,
  { bytes, maxBytes }: { bytes: Readable; maxBytes: number },
): Promise<StoredBlob> {
  return blobs.put(organizationId, bytes, {
    maxBytes,
    foresee: ({ hash }) => sql.withOrganization({ organizationId }, (tx) => foreseeArrival(tx, hash)),
  })
}

/**
 * Gives stored bytes to a document that the transaction holds. The same bytes are one document of an organisation: the first that comes keeps
 * them, later ones point to it. Who sends again what was cancelled, or could not be read, wants it tried once more. Answers the id of the
 * document that has the bytes.
 */
export async function giveBytes(
  tx: Tx,
  platform: Platform,
  { document, hash }: { document: Document; hash: string },
): Promise<string> {
  const claimed = await claimHash(tx, document.id, hash)
  await forgetArrival(tx, hash)
  if (claimed) {
    const run = { documentId: document.id, run: document.run }
    await writeStatus(tx, run, { stage: 'STORING' })
    await enqueueIngestion(tx, platform.jobs, run)
    return document.id
  }
  const holder = await holdHolder(tx, hash)
  const { stage } = holder.status
  if (!holder.withheld && (stage === 'FAILED' || stage === 'CANCELLED')) await startRun(tx, platform, holder.id)
  await pointTo(tx, document.id, holder.id)
  await moveMembership(tx, document.id, holder.id)
  await announceAs(tx, document.id, holder.id)
  return holder.id
}

/** The document that holds these bytes, itself held, because it may be about to be deleted. */
async function holdHolder(tx: Tx, hash: string): Promise<Document> {
  try {
    return await holdDocument(tx, (await findByHash(tx, hash)) ?? '')
  } catch (error) {
    throw error instanceof NotFound ? deletedJustNow() : error
  }
}

/**
 * Makes sure of the bytes a document was given: a deletion of the same bytes may have removed them after they were stored and before they were
 * claimed; no later one can. Then the document waits for them again, and UploadRefused asks for another try.
 */
export async function requireKept(
  { sql, blobs }: Platform,
  { organizationId, id, hash }: { organizationId: string; id: string; hash: string },
): Promise<void> {
  const blob = await blobs.open(organizationId, hash)
  blob?.stream.destroy()
  if (blob) return
  await sql.withOrganization({ organizationId }, (tx) => giveBack(tx, id))
  throw deletedJustNow()
}

/**
 * Removes bytes that no document of the organisation holds. It is the one place where a file is touched inside a transaction: the lock is
 * what keeps somebody from claiming the bytes between the look and the removal.
 */
export async function removeUnheld({ sql, blobs }: Platform, organizationId: string, hash: string): Promise<void> {
  await sql.withOrganization({ organizationId }, async (tx) => {
    await lockHash(tx, hash)
    if (!(await findByHash(tx, hash))) await blobs.remove(organizationId, hash)
  })
}

/** Removes bytes that were on their way before the moment and that no document claimed: what a kill between storing and claiming left behind. */
export async function sweepArrivals({ sql, blobs }: Platform, before: Date): Promise<void> {
  const behind = await sql.query<{ organization_id: string }>(
    'select * from documents.organizations_with_forgotten_arrivals($1)',
    [before],
  )
  for (const { organization_id: organizationId } of behind) {
    const hashes = await sql.withOrganization({ organizationId }, (tx) => forgottenArrivals(tx, before))
    for (const hash of hashes)
      await sql.withOrganization({ organizationId }, async (tx) => {
        await lockHash(tx, hash)
        // The same bytes may be coming once more just now; who stores them has made the arrival young again.
        if ((await takeForgottenArrival(tx, hash, before)) && !(await findByHash(tx, hash)))
          await blobs.remove(organizationId, hash)
      })
  }
}

function deletedJustNow(): UploadRefused {
  return new UploadRefused('TRY_AGAIN', 'The document that held these bytes was deleted just now. Send the file again.')
}
