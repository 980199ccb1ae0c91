import { z } from 'zod'
import { audit } from '@passerelle/platform/audit'
import { publish } from '@passerelle/platform/facts'
import { newId } from '@passerelle/platform/ids'
import { NotFound, parseInput, type Viewer } from '@passerelle/platform/schema'
import type { Tx } from '@passerelle/platform/sql'
import type { Platform } from '@passerelle/platform/subgraph'
import { emailAddress } from '../email.ts'
import { demandRoom, endOfLink, sendInvitation } from '../people/invitation-letter.ts'
import { findPlaceOf, putInvitation } from '../people/invitation.store.ts'
import { requireNoPlace } from '../people/invitation.ts'
import { settleRemoval, takeMember, type Removed } from '../people/member-removal.ts'
import { holdMembers } from '../people/member.store.ts'
import { addressesOf } from '../personal-data/personal-data.addresses.ts'
import { createToken } from '../sessions/token.ts'
import { clientInvitationMessage } from './client-account.mail.ts'
import { endInvitations, loadAccounts, type ClientAccount } from './client-account.store.ts'
import { requireReadableClient } from './readable-client.ts'

type Person = Viewer & { userId: string }

const inviteInput = z.object({ clientId: z.string(), email: emailAddress })

/**
 * Writes to an address with a link by which its owner opens an account that sees what is the client's and nothing else. A link that was sent to the address
 * before ends. NotFound for a client whom the viewer cannot read, InvalidInput for somebody who has a place in the organisation, QuotaExceeded as for members.
 */
export async function inviteClient(
  platform: Platform,
  viewer: Person,
  input: z.input<typeof inviteInput>,
): Promise<ClientAccount> {
  const { clientId, email } = parseInput(inviteInput, input)
  const client = await requireReadableClient(platform, viewer, clientId)
  const addresses = await addressesOf(platform)
  // What is refused uses up nothing of the day's.
  await platform.sql.withOrganization(viewer, async (tx) => requireNoPlace(await findPlaceOf(tx, addresses, email)))
  await demandRoom(platform, viewer.organizationId)
  const { token, hash } = createToken()
  const invitation = await sendInvitation(platform, viewer, {
    token,
    message: clientInvitationMessage,
    keep: async (tx) => {
      await holdMembers(tx)
      requireNoPlace(await findPlaceOf(tx, addresses, email))
      const kept = await putInvitation(tx, addresses, {
        id: newId('inv'),
        organizationId: viewer.organizationId,
        email,
        roles: [],
        clientId: client.id,
        hash,
        invitedBy: viewer.userId,
        expiresAt: endOfLink(),
      })
      publish(tx, { type: 'client_account.invited', payload: { invitationId: kept.id, clientId } })
      audit(tx, {
        action: 'client_account.invited',
        subject: { kind: 'Invitation', id: kept.id },
        detail: { clientId },
      })
      return kept
    },
  })
  const { id, createdAt: since, expiresAt } = invitation
  return { id, clientId, email, name: null, state: 'INVITED', since, expiresAt, lastUsedAt: null }
}

/** Closes an account of a client, whose sessions end at once, or takes back the invitation to one. NotFound for a member, and for what is over. */
export async function removeClientAccount(
  platform: Platform,
  viewer: Person,
  id: string,
): Promise<{ id: string; sessionsEnded: number }> {
  const removed = await platform.sql.withOrganization(viewer, async (tx) => {
    const taken = await takeAccounts(tx, { userId: id })
    if (taken.length > 0) return taken
    if ((await takeInvitations(tx, { id })) === 0) throw new NotFound()
    return []
  })
  await settleAccounts(platform, viewer.organizationId, removed)
  return { id, sessionsEnded: removed.reduce((sum, { sessions }) => sum + sessions.length, 0) }
}

/** An account that was closed, and what it had open. */
export type TakenAccount = Removed & { userId: string }

/** Closes accounts with the transaction; `settleAccounts` tells the gateways once that has committed. */
export async function takeAccounts(tx: Tx, which: { userId: string } | { clientId: string }): Promise<TakenAccount[]> {
  await holdMembers(tx)
  const taken: TakenAccount[] = []
  for (const { userId, clientId } of await loadAccounts(tx, which))
    taken.push({ userId, ...(await takeMember(tx, { userId, how: 'client_account.removed', clientId })) })
  return taken
}

/** Takes back invitations to accounts; answers how many. */
export async function takeInvitations(tx: Tx, which: { id: string } | { clientId: string }): Promise<number> {
  const ended = await endInvitations(tx, which)
  for (const { id, clientId } of ended)
    audit(tx, { action: 'invitation.revoked', subject: { kind: 'Invitation', id }, detail: { clientId } })
  return ended.length
}

/** Has what closed accounts still hold refused. */
export async function settleAccounts(
  platform: Platform,
  organizationId: string,
  taken: readonly TakenAccount[],
): Promise<void> {
  for (const account of taken) await settleRemoval(platform, { organizationId, ...account })
}
