import { Readable } from 'node:stream'
import { publish } from '@passerelle/platform/facts'
import type { StoredBlob } from '@passerelle/platform/blobs'
import type { Job } from '@passerelle/platform/jobs'
import type { ExportedFile } from '@passerelle/platform/privacy'
import { zip } from '@passerelle/platform/privacy/zip'
import type { Platform } from '@passerelle/platform/subgraph'
import { exportRows } from './personal-data-export.rows.ts'
import { tell } from './personal-data-steps.ts'
import { findRequest, holdRequest, updateRequest, type PrivacyRequest } from './personal-data-request.store.ts'

/** An archive can be taken for a day. */
const lifetimeMs = 24 * 3_600_000
/** The largest archive. */
const mostBytes = 4 * 1024 ** 3

/** The request has been ended while its archive was written. */
class Ended extends Error {}

/**
 * Writes the archive of a request into the blob store, where it lies for a day. A try that was cut short begins anew; one whose request has been ended
 * meanwhile, because of an erasure, leaves nothing.
 */
export async function carryOutExport(
  platform: Platform,
  { organizationId, data, signal }: Pick<Job<{ requestId: string }>, 'organizationId' | 'data' | 'signal'>,
): Promise<void> {
  const keys = await platform.sealing.keysOf(organizationId)
  const scope = { organizationId }
  const request = await platform.sql.withOrganization(scope, (tx) => findRequest(tx, keys, data.requestId))
  if (request?.state !== 'RUNNING') return
  // What an interrupted try left is another archive than the one that comes.
  if (request.file) await platform.blobs.remove(organizationId, request.file.hash)
  const expiresAt = new Date(Date.now() + lifetimeMs)
  const change = (file: PrivacyRequest['file'], over: Partial<PrivacyRequest> = {}): Promise<boolean> =>
    platform.sql.withOrganization(scope, async (tx) => {
      const held = await holdRequest(tx, keys, request.id)
      if (held?.state !== 'RUNNING') return false
      const changed = { ...held, ...over, file }
      await updateRequest(tx, keys, changed)
      if (changed.state === 'DONE') {
        publish(tx, { type: 'privacy_request.finished', payload: { id: request.id, kind: request.kind } })
        tell(tx, 'finished', changed)
      }
      return true
    })
  const files = request.subject
    ? exportPerson(platform, request, signal)
    : exportOrganization(platform, request, signal)
  // Known before it is there, so that one that a kill leaves behind is swept with the others.
  const foresee = async (blob: StoredBlob): Promise<void> => {
    if (!(await change({ ...blob, expiresAt }))) throw new Ended()
  }
  try {
    const bytes = Readable.from(zip(files, new Date()))
    const { hash, size } = await platform.blobs.put(organizationId, bytes, { maxBytes: mostBytes, foresee })
    const isTaken = await change({ hash, size, expiresAt }, { state: 'DONE', subject: null, finishedAt: new Date() })
    if (!isTaken) await platform.blobs.remove(organizationId, hash)
  } catch (error) {
    if (!(error instanceof Ended)) throw error
  }
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
