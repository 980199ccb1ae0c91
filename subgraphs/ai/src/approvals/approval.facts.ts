import { approvalFacts } from '@passerelle/platform/approvals'
import { subscriptionOf, type Viewer } from '@passerelle/platform/schema'
import type { Platform } from '@passerelle/platform/subgraph'
import type { Fact } from '@passerelle/platform/facts'

export interface ApprovalChange {
  id: string
  cursor: string
}

/** Every change of the approvals that the viewer sees, or of one of them, after the cursor or from now on. */
export function watchApprovals(
  { facts }: Platform,
  {
    viewer,
    id,
    after,
    signal,
  }: { viewer: Viewer; id: string | null | undefined; after: string | null | undefined; signal: AbortSignal },
): AsyncIterableIterator<ApprovalChange> {
  const source = facts.subscribe(viewer.organizationId, {
    types: Object.values(approvalFacts),
    after,
    signal,
    where: (fact) => (!id || fact.payload['id'] === id) && concerns(viewer, fact),
  })
  return subscriptionOf(source, ({ payload, position }) => ({ id: String(payload['id']), cursor: position }))
}

/** Whether the viewer sees what it tells of, as `seenBy` does for the rows. */
function concerns({ scopes, userId, keyId }: Viewer, { payload }: Pick<Fact, 'payload'>): boolean {
  const { proposerId, proposerKeyId, requiredScopes } = payload
  if ((userId && proposerId === userId) || (keyId && proposerKeyId === keyId)) return true
  const needed = Array.isArray(requiredScopes) ? requiredScopes : []
  return scopes.includes('approval:read') && needed.every((scope) => scopes.includes(String(scope)))
}
