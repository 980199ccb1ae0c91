import { audit } from '@passerelle/platform/audit'
import type { Viewer } from '@passerelle/platform/schema'
import type { OrganizationScope } from '@passerelle/platform/sql'
import type { Platform } from '@passerelle/platform/subgraph'
import { revoke } from '../sessions/session.ts'
import { settleAccounts, takeAccounts, takeInvitations } from './client-account.ts'
import { tell } from './client-link.ts'
import { findLateRevoked, revokeLinks } from './client-link.store.ts'
import { loadAccounts } from './client-account.store.ts'

/** What was ended of a client's access. */
export interface EndedAccess {
  clientId: string
  linksEnded: number
  accountsEnded: number
  /** What whoever asked may not end. */
  accountsLeft: number
}

/** Ends all by which a client comes in: their links, and, where the viewer manages who has an account, accounts and invitations to one. */
export function revokeClientAccess(platform: Platform, viewer: Viewer, clientId: string): Promise<EndedAccess> {
  return endClientAccess(platform, viewer, { clientId, withAccounts: viewer.scopes.includes('member:manage') })
}

/**
 * Ends it in the scope's name. What has no access has none afterwards either: it may be done again, and what links have opened is refused then where the
 * first time was cut short.
 */
export async function endClientAccess(
  platform: Platform,
  scope: OrganizationScope,
  { clientId, withAccounts }: { clientId: string; withAccounts: boolean },
): Promise<EndedAccess> {
  const ended = await platform.sql.withOrganization(scope, async (tx) => {
    const links = await revokeLinks(tx, { clientId }, scope.userId ?? null)
    for (const id of links) tell(tx, 'client_link.revoked', { id, clientId })
    const accounts = withAccounts ? await takeAccounts(tx, { clientId }) : []
    const invitations = withAccounts ? await takeInvitations(tx, { clientId }) : 0
    const left = (await loadAccounts(tx, { clientId })).length
    if (links.length + accounts.length + invitations > 0)
      audit(tx, { action: 'client_access.revoked', subject: { kind: 'Client', id: clientId } })
    return { links, accounts, left, late: await findLateRevoked(tx, clientId) }
  })
  await revoke(platform, scope.organizationId, ended.late)
  await settleAccounts(platform, scope.organizationId, ended.accounts)
  return {
    clientId,
    linksEnded: ended.links.length,
    accountsEnded: ended.accounts.length,
    accountsLeft: ended.left,
  }
}
