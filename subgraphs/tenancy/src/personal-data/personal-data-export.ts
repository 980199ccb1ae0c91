import { Readable } from 'node:stream'
import { publish } from '@passerelle/platform/facts'
import type { StoredBlob } from '@passerelle/platform/blobs'
import type { Job } from '@passerelle/platform/jobs'
import type { ExportedFile } from '@passerelle/platform/privacy'
import { zip } from '@passerelle/platform/privacy/zip'
import type { FieldKeys } from '@passerelle/platform/sealing'
import type { Platform } from '@passerelle/platform/subgraph'
import { failExport, settleFailure } from './personal-data-export.failure.ts'
import { exportRows } from './personal-data-export.rows.ts'
import { tell } from './personal-data-steps.ts'
import { findRequest, holdRequest, updateRequest, type PrivacyRequest } from './personal-data-request.store.ts'

/** An archive can be taken for a day. */
const lifetimeMs = 24 * 3_600_000
/** The largest archive: S3 takes no file in more than ten thousand pieces, of 8 MB each. */
const mostBytes = 64 * 1024 ** 3

/** The request has been ended while its archive was written. */
class Ended extends Error {}

/**
 * Writes the archive of a request into the blob store, where it lies for a day. A try that was cut short begins anew; one whose request has been ended
 * meanwhile, because of an erasure, leaves nothing. An engine that is away is waited for by the queue; what is too large, or cannot be read, ends the request.
 */
export async function carryOutExport(
  platform: Platform,
  { organizationId, data, signal }: Pick<Job<{ requestId: string }>, 'organizationId' | 'data' | 'signal'>,
  most: number = mostBytes,
): Promise<void> {
  const keys = await platform.sealing.keysOf(organizationId)
  const request = await platform.sql.withOrganization({ organizationId }, (tx) => findRequest(tx, keys, data.requestId))
  if (request?.state !== 'RUNNING') return
  // What an interrupted try left is another archive than the one that comes.
  if (request.file) await platform.blobs.remove(organizationId, request.file.hash)
  try {
    await writeArchive(platform, { request, keys, signal, most })
  } catch (error) {
    if (error instanceof Ended) return
    const failure = await settleFailure(platform, { request, keys, error, signal })
    if (!failure) throw error
    platform.log.error({ err: error, organizationId, request: request.id, failure }, 'an export is given up')
    await failExport(platform, { request, keys, failure })
  }
}

async function writeArchive(
  platform: Platform,
  { request, keys, signal, most }: { request: PrivacyRequest; keys: FieldKeys; signal: AbortSignal; most: number },
): Promise<void> {
  const { organizationId } = request
  const expiresAt = new Date(Date.now() + lifetimeMs)
  const change = changeWith(platform, request, keys)
  const files = request.subject
    ? exportPerson(platform, request, signal)
    : exportOrganization(platform, request, signal)
  // Known before it is there, so that one that a kill leaves behind is swept with the others.
  const foresee = async (blob: StoredBlob): Promise<void> => {
    if (!(await change({ file: { ...blob, expiresAt } }))) throw new Ended()
  }
  const bytes = Readable.from(zip(files, new Date()), { objectMode: false, signal })
  const { hash, size } = await platform.blobs.put(organizationId, bytes, { maxBytes: most, foresee })
  const file = { hash, size, expiresAt }
  const isTaken = await change({ file, state: 'DONE', subject: null, finishedAt: new Date() })
  if (!isTaken) await platform.blobs.remove(organizationId, hash)
}

/** Changes the request; false when it has been ended meanwhile. */
function changeWith({ sql }: Platform, { id, kind, organizationId }: PrivacyRequest, keys: FieldKeys) {
  return (over: Partial<PrivacyRequest>): Promise<boolean> =>
    sql.withOrganization({ organizationId }, async (tx) => {
      const held = await holdRequest(tx, keys, id)
      if (held?.state !== 'RUNNING') return false
      const changed = { ...held, ...over }
      await updateRequest(tx, keys, changed)
      if (changed.state === 'DONE') {
        publish(tx, { type: 'privacy_request.finished', payload: { id, kind } })
        tell(tx, 'finished', changed)
      }
      return true
    })
}

async function* exportPerson(
  platform: Platform,
  { organizationId, subject, createdAt }: PrivacyRequest,
  signal: AbortSignal,
): AsyncGenerator<ExportedFile> {
  if (!subject) return
  yield { path: 'about.json', content: JSON.stringify({ organizationId, requestedAt: createdAt, subject }, null, 2) }
  const rooms = [...platform.personalData.values()]
  const request = { organizationId, subject, signal }
  const known = await Promise.all(rooms.map(async (room) => (await room.findClients?.(platform, request)) ?? []))
  for (const room of rooms) yield* room.export(platform, { ...request, clientIds: known.flat() })
}

async function* exportOrganization(
  platform: Platform,
  { organizationId, createdAt }: PrivacyRequest,
  signal: AbortSignal,
): AsyncGenerator<ExportedFile> {
  yield { path: 'about.json', content: JSON.stringify({ organizationId, requestedAt: createdAt }, null, 2) }
  yield* exportRows(platform, { organizationId, signal })
  for (const room of platform.personalData.values())
    if (room.exportOrganization) yield* room.exportOrganization(platform, { organizationId, signal })
}
