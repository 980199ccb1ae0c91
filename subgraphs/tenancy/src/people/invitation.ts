import { z } from 'zod'
import { audit } from '@passerelle/platform/audit'
import { publish } from '@passerelle/platform/facts'
import { newId } from '@passerelle/platform/ids'
import { InvalidInput, NotFound, parseInput, QuotaExceeded, roles, type Viewer } from '@passerelle/platform/schema'
import type { Tx } from '@passerelle/platform/sql'
import type { Platform } from '@passerelle/platform/subgraph'
import { emailAddress } from '../email.ts'
import { readHouseUrl } from '../env.ts'
import { invitationMessage } from './invitation.mail.ts'
import {
  holdInvitation,
  isMember,
  markRevoked,
  putInvitation,
  replaceLink,
  type Invitation,
} from './invitation.store.ts'
import { requireGiver, requireWithin } from './member.policy.ts'
import { holdMembers } from './member.store.ts'
import { findOrganization } from './organization.store.ts'
import { findPerson } from '../passwords/password-reset.store.ts'
import { addressesOf, type Addresses } from '../personal-data/personal-data.addresses.ts'
import { createToken } from '../sessions/token.ts'

type Person = Viewer & { userId: string }

/** How long a link is good for. */
const invitationDays = 7
/** Messages with invitations that an organisation sends in a day. */
const mostInvitations = 50

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
  return write(platform, viewer, token, async (tx) => {
    await requireGivable(tx, viewer, invited)
    if (await isMember(tx, addresses, email))
      throw new InvalidInput('This address belongs to a member already.', ['email'])
    const invitation = await putInvitation(tx, addresses, {
      id: newId('inv'),
      organizationId: viewer.organizationId,
      email,
      roles: invited,
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
  })
}

/** Sends an invitation anew, with another link, good for a week from now; the earlier one ends. NotFound for one that was used or revoked. */
export async function resendInvitation(platform: Platform, viewer: Person, id: string): Promise<Invitation> {
  const addresses = await addressesOf(platform)
  await platform.sql.withOrganization(viewer, (tx) => requireOpen(tx, addresses, { viewer, id }))
  await demandRoom(platform, viewer.organizationId)
  const { token, hash } = createToken()
  return write(platform, viewer, token, async (tx) => {
    const held = await requireOpen(tx, addresses, { viewer, id })
    const invitation = await replaceLink(tx, addresses, {
      id: held.id,
      hash,
      invitedBy: viewer.userId,
      expiresAt: endOfLink(),
    })
    audit(tx, { action: 'invitation.resent', subject: { kind: 'Invitation', id } })
    return invitation
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

function endOfLink(): Date {
  return new Date(Date.now() + invitationDays * 86_400_000)
}

async function demandRoom({ coordination }: Pick<Platform, 'coordination'>, organizationId: string): Promise<void> {
  const rule = { limit: mostInvitations, windowSeconds: 86_400 }
  const { allowed, resetsAt } = await coordination.limit(organizationId, 'invitations', rule)
  if (allowed) return
  const message = `An organisation sends at most ${mostInvitations} invitations a day.`
  throw new QuotaExceeded({ message, limit: mostInvitations, used: mostInvitations, resetsAt })
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
  const invitation = await holdInvitation(tx, addresses, id)
  if (!invitation) throw new NotFound()
  await requireGivable(tx, viewer, invitation.roles)
  return invitation
}

/** Keeps the invitation with the message that holds its link: neither is there without the other. */
async function write(
  platform: Platform,
  viewer: Person,
  token: string,
  keep: (tx: Tx) => Promise<Invitation>,
): Promise<Invitation> {
  const { organizationId } = viewer
  const addresses = await addressesOf(platform)
  const writeMail = await platform.mail.writer(organizationId)
  return platform.sql.withOrganization(viewer, async (tx) => {
    const invitation = await keep(tx)
    const organization = await findOrganization(tx, organizationId)
    const inviter = await findPerson(tx, addresses, viewer.userId)
    const letter = invitationMessage({
      organizationName: organization?.name ?? '',
      inviter: inviter?.name ?? '',
      url: `${readHouseUrl()}/invitation?token=${token}`,
      days: invitationDays,
    })
    await writeMail(tx, { to: invitation.email, ...letter })
    return invitation
  })
}
