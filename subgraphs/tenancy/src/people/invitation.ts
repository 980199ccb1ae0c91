import { z } from 'zod'
import { audit } from '@passerelle/platform/audit'
import { publish } from '@passerelle/platform/facts'
import { newId } from '@passerelle/platform/ids'
import { InvalidInput, NotFound, parseInput, roles, type Viewer } from '@passerelle/platform/schema'
import type { Tx } from '@passerelle/platform/sql'
import type { Platform } from '@passerelle/platform/subgraph'
import { emailAddress } from '../email.ts'
import { invitationMessage } from './invitation.mail.ts'
import { demandRoom, endOfLink, sendInvitation } from './invitation-letter.ts'
import {
  findPlaceOf,
  holdInvitation,
  markRevoked,
  putInvitation,
  replaceLink,
  type Invitation,
} from './invitation.store.ts'
import { requireGiver, requireWithin } from './member.policy.ts'
import { holdMembers } from './member.store.ts'
import { addressesOf, type Addresses } from '../personal-data/personal-data.addresses.ts'
import { createToken } from '../sessions/token.ts'

type Person = Viewer & { userId: string }

const inviteInput = z.object({
  email: emailAddress,
  roles: z.array(z.enum(roles)).min(1, 'A member has at least one role.').max(roles.length),
})

/**
 * Writes to an address with a link by which its owner joins, with roles of which the inviter holds every right. The answer is the same whether there is an account under
 * the address. A link that was sent to it before ends. InvalidInput for somebody who belongs to the organisation, QuotaExceeded for the fifty-first message of a day.
 */
export async function inviteMember(
  platform: Platform,
  viewer: Person,
  input: z.input<typeof inviteInput>,
): Promise<Invitation> {
  const { email, roles: held } = parseInput(inviteInput, input)
  const invited = [...new Set(held)]
  // What is refused uses up nothing of the day's.
  await platform.sql.withOrganization(viewer, (tx) => requireGivable(tx, viewer, invited))
  await demandRoom(platform, viewer.organizationId)
  const { token, hash } = createToken()
  const addresses = await addressesOf(platform)
  return sendInvitation(platform, viewer, {
    token,
    message: invitationMessage,
    keep: async (tx) => {
      await requireGivable(tx, viewer, invited)
      requireNoPlace(await findPlaceOf(tx, addresses, email))
      const invitation = await putInvitation(tx, addresses, {
        id: newId('inv'),
        organizationId: viewer.organizationId,
        email,
        roles: invited,
        clientId: null,
        hash,
        invitedBy: viewer.userId,
        expiresAt: endOfLink(),
      })
      const payload = { invitationId: invitation.id, roles: invited }
      publish(tx, { type: 'member.invited', payload })
      audit(tx, {
        action: 'invitation.sent',
        subject: { kind: 'Invitation', id: invitation.id },
        detail: { roles: invited },
      })
      return invitation
    },
  })
}

/** Sends an invitation anew, with another link, good for a week from now; the earlier one ends. NotFound for one that was used or revoked. */
export async function resendInvitation(platform: Platform, viewer: Person, id: string): Promise<Invitation> {
  const addresses = await addressesOf(platform)
  await platform.sql.withOrganization(viewer, (tx) => requireOpen(tx, addresses, { viewer, id }))
  await demandRoom(platform, viewer.organizationId)
  const { token, hash } = createToken()
  return sendInvitation(platform, viewer, {
    token,
    message: invitationMessage,
    keep: async (tx) => {
      const held = await requireOpen(tx, addresses, { viewer, id })
      const invitation = await replaceLink(tx, addresses, {
        id: held.id,
        hash,
        invitedBy: viewer.userId,
        expiresAt: endOfLink(),
      })
      audit(tx, { action: 'invitation.resent', subject: { kind: 'Invitation', id } })
      return invitation
    },
  })
}

/** Ends an invitation that nobody has used. */
export async function revokeInvitation(
  platform: Pick<Platform, 'sql' | 'sealing'>,
  viewer: Person,
  id: string,
): Promise<Invitation> {
  const addresses = await addressesOf(platform)
  return platform.sql.withOrganization(viewer, async (tx) => {
    await requireOpen(tx, addresses, { viewer, id })
    audit(tx, { action: 'invitation.revoked', subject: { kind: 'Invitation', id } })
    return markRevoked(tx, addresses, id)
  })
}

/** Refuses with InvalidInput to invite somebody who is there. */
export function requireNoPlace(place: { clientId: string | null } | null): void {
  if (place)
    throw new InvalidInput(
      place.clientId === null
        ? 'This address belongs to a member already.'
        : 'This address is that of the account of a client already.',
      ['email'],
    )
}

async function requireGivable(tx: Tx, viewer: Person, given: Invitation['roles']): Promise<void> {
  await holdMembers(tx)
  requireWithin(await requireGiver(tx, viewer), { roles: given, granted: [], withheld: [] })
}

async function requireOpen(
  tx: Tx,
  addresses: Addresses,
  { viewer, id }: { viewer: Person; id: string },
): Promise<Invitation> {
  // Members before invitations, here as everywhere.
  await holdMembers(tx)
  const invitation = await holdInvitation(tx, addresses, id)
  if (!invitation) throw new NotFound()
  await requireGivable(tx, viewer, invitation.roles)
  return invitation
}
