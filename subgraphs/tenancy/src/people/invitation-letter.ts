import type { MailMessage } from '@passerelle/platform/mail'
import { QuotaExceeded, type Viewer } from '@passerelle/platform/schema'
import type { Tx } from '@passerelle/platform/sql'
import type { Platform } from '@passerelle/platform/subgraph'
import { readHouseUrl } from '../env.ts'
import { findPerson } from '../passwords/password-reset.store.ts'
import { addressesOf } from '../personal-data/personal-data.addresses.ts'
import type { Invitation } from './invitation.store.ts'
import { findOrganization } from './organization.store.ts'

type Person = Viewer & { userId: string }

/** How long a link is good for. */
const invitationDays = 7
/** Messages with invitations that an organisation sends in a day. */
const mostInvitations = 50

/** When a link that is sent now ends. */
export function endOfLink(): Date {
  return new Date(Date.now() + invitationDays * 86_400_000)
}

/** Refuses with QuotaExceeded the fifty-first message of a day. */
export async function demandRoom(
  { coordination }: Pick<Platform, 'coordination'>,
  organizationId: string,
): Promise<void> {
  const rule = { limit: mostInvitations, windowSeconds: 86_400 }
  const { allowed, resetsAt } = await coordination.limit(organizationId, 'invitations', rule)
  if (allowed) return
  const message = `An organisation sends at most ${mostInvitations} invitations a day.`
  throw new QuotaExceeded({ message, limit: mostInvitations, used: mostInvitations, resetsAt })
}

/** What the message of an invitation tells. */
export interface InvitationWords {
  organizationName: string
  inviter: string
  url: string
  days: number
}

interface Sending {
  token: string
  /** What is written to whom it is for. */
  message(told: InvitationWords): Pick<MailMessage, 'subject' | 'text'>
  /** Writes the invitation down. */
  keep(tx: Tx): Promise<Invitation>
}

/** Keeps the invitation with the message that holds its link: neither is there without the other. */
export async function sendInvitation(
  platform: Platform,
  viewer: Person,
  { token, message, keep }: Sending,
): Promise<Invitation> {
  const { organizationId } = viewer
  const addresses = await addressesOf(platform)
  const writeMail = await platform.mail.writer(organizationId)
  return platform.sql.withOrganization(viewer, async (tx) => {
    const invitation = await keep(tx)
    const organization = await findOrganization(tx, organizationId)
    const inviter = await findPerson(tx, addresses, viewer.userId)
    const letter = message({
      organizationName: organization?.name ?? '',
      inviter: inviter?.name ?? '',
      url: `${readHouseUrl()}/invitation?token=${token}`,
      days: invitationDays,
    })
    await writeMail(tx, { to: invitation.email, ...letter })
    return invitation
  })
}
