import { BlobTooLarge } from '@passerelle/platform/blobs'
import { EngineUnavailable } from '@passerelle/platform/schema'
import { MasterKeyMissing, type FieldKeys } from '@passerelle/platform/sealing'
import type { Platform } from '@passerelle/platform/subgraph'
import { exportQueue } from './personal-data-export.queue.ts'
import { tell } from './personal-data-steps.ts'
import { holdRequest, updateRequest, type ExportFailure, type PrivacyRequest } from './personal-data-request.store.ts'

/** How often an archive is begun that fails for another reason than an engine that is away: a line that broke reads like a file that is damaged. */
const mostTries = 5

interface Failing {
  request: PrivacyRequest
  keys: FieldKeys
}

/** Why the request can never be done; null for what another try may do, which is counted unless it is an engine's or the process's fault. */
export async function settleFailure(
  { sql }: Platform,
  { request, keys, error, signal }: Failing & { error: unknown; signal: AbortSignal },
): Promise<ExportFailure | null> {
  if (error instanceof BlobTooLarge) return 'TOO_LARGE'
  if (signal.aborted || isTransient(error)) return null
  const { organizationId, id } = request
  return sql.withOrganization({ organizationId }, async (tx) => {
    const held = await holdRequest(tx, keys, id)
    const tries = (held?.progress.tries ?? 0) + 1
    if (held) await updateRequest(tx, keys, { ...held, progress: { ...held.progress, tries } })
    return tries < mostTries ? null : 'UNREADABLE'
  })
}

/** An engine that is away, also one that goes while it is read: then the operating system says so. */
function isTransient(error: unknown): boolean {
  if (error instanceof EngineUnavailable || error instanceof MasterKeyMissing) return true
  return error instanceof Error && 'syscall' in error
}

/** Ends a request without an archive, for good. */
export async function failExport(
  { sql, blobs }: Platform,
  { request: { organizationId, id }, keys, failure }: Failing & { failure: ExportFailure },
): Promise<void> {
  const scope = { organizationId }
  const hash = await sql.withOrganization(scope, async (tx) => {
    const held = await holdRequest(tx, keys, id)
    return held?.state === 'RUNNING' ? held.file?.hash : null
  })
  // The file first: what is forgotten before it is removed is never removed.
  if (hash) await blobs.remove(organizationId, hash)
  await sql.withOrganization(scope, async (tx) => {
    const held = await holdRequest(tx, keys, id)
    if (held?.state !== 'RUNNING') return
    const failed: PrivacyRequest = {
      ...held,
      state: 'FAILED',
      failure,
      subject: null,
      file: null,
      finishedAt: new Date(),
    }
    await updateRequest(tx, keys, failed)
    tell(tx, 'failed', failed)
  })
}

/** Ends an export that no job works on any more: an engine was away for longer than it was tried. */
export async function endAbandoned(platform: Platform, { request, keys }: Failing): Promise<void> {
  const { organizationId, id, state, kind } = request
  if (state !== 'RUNNING' || (kind !== 'PERSON_EXPORT' && kind !== 'ORGANIZATION_EXPORT')) return
  if ((await platform.jobs.unfinished(exportQueue, { organizationId, data: { requestId: id } })) > 0) return
  await failExport(platform, { request, keys, failure: 'UNAVAILABLE' })
}
