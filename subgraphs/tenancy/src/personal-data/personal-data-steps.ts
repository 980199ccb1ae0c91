import { audit } from '@passerelle/platform/audit'
import type { FieldKeys } from '@passerelle/platform/sealing'
import type { Tx } from '@passerelle/platform/sql'
import type { Platform } from '@passerelle/platform/subgraph'
import { requireAnotherOwner } from './erasure.policy.ts'
import { erasureQueue } from './erasure.queue.ts'
import { endExports, holdRequest, updateRequest, type PrivacyRequest } from './personal-data-request.store.ts'

/** Begins what was waited for, in the caller's transaction; false when it was cancelled meanwhile. InvalidInput for who has become the last owner. */
export async function beginErasure(
  tx: Tx,
  platform: Pick<Platform, 'jobs'>,
  { id, keys, approvedBy }: { id: string; keys: FieldKeys; approvedBy: string | null },
): Promise<boolean> {
  const request = await holdRequest(tx, keys, id)
  if (!request || (request.state !== 'PENDING' && request.state !== 'SCHEDULED')) return false
  if (request.subject) await requireAnotherOwner(tx, request.subject)
  const running: PrivacyRequest = { ...request, state: 'RUNNING', approvedBy }
  await updateRequest(tx, keys, running)
  const { requestedBy, createdAt } = request
  await platform.jobs.enqueue(
    tx,
    erasureQueue,
    { requestId: id, requestedBy, requestedAt: createdAt.toISOString() },
    { key: id },
  )
  tell(tx, 'started', running)
  return true
}

/** Ends the organisation's exports, with an entry for each that was under way. */
export async function stopExports(tx: Tx): Promise<void> {
  for (const ended of await endExports(tx)) tell(tx, 'ended', ended)
}

/** An audit entry and nothing of whom it is about. */
export function tell(tx: Tx, what: string, { id, kind, choice }: Pick<PrivacyRequest, 'id' | 'kind' | 'choice'>): void {
  audit(tx, {
    action: `privacy_request.${what}`,
    subject: { kind: 'PrivacyRequest', id },
    detail: { kind, ...(choice && { choice }) },
  })
}
