import { z } from 'zod'
import { audit } from '@passerelle/platform/audit'
import { publish } from '@passerelle/platform/facts'
import { newId } from '@passerelle/platform/ids'
import {
  effectiveScopes,
  InvalidInput,
  parseInput,
  scopesOf,
  type Role,
  type Viewer,
} from '@passerelle/platform/schema'
import type { Tx } from '@passerelle/platform/sql'
import type { Platform } from '@passerelle/platform/subgraph'
import { createDeviceToken, toDevice, type DeviceInput } from '../sessions/device.ts'
import { countAttempt } from '../sessions/guessing.ts'
import { findInvitation, takeInvitation, type FoundInvitation, type Invitation } from './invitation.store.ts'
import { findMember, holdMembers } from './member.store.ts'
import { insertMember, insertPerson } from './organization.store.ts'
import { addressesOf, type Addresses } from '../personal-data/personal-data.addresses.ts'
import { hashPassword, newPassword, requireStrong, verifyPassword } from '../passwords/password.ts'
import { holdPassword, renamePerson } from '../passwords/password-reset.store.ts'
import { InvalidCredentials, LinkInvalid } from '../refusals.ts'
import { logOut, startSession, toSession, type Session } from '../sessions/session.ts'
import { givenName, isUniqueViolation } from './sign-up.ts'
import { updatePassword } from '../sessions/session.store.ts'
import { hashToken } from '../sessions/token.ts'

export interface AcceptInput {
  token: string
  password?: string | null | undefined
  name?: string | null | undefined
  device?: DeviceInput | null | undefined
}

/** What a link offers, for whoever holds it; null when it does not hold, or not any more. */
export async function readInvitation(
  platform: Pick<Platform, 'sql' | 'sealing'>,
  token: string,
): Promise<FoundInvitation | null> {
  return findInvitation(platform.sql, await addressesOf(platform), hashToken(token))
}

/**
 * Joins by a link, and logs in there. Somebody with an account shows its password, or is logged in with it; somebody new chooses a name and a password.
 * LinkInvalid when the link is unknown, used, revoked, replaced or too old, or whoever sent it could not give as much today; of two uses at once one wins.
 */
export async function acceptInvitation(
  platform: Platform,
  input: AcceptInput,
  asked: { viewer: Viewer | null; caller: string | undefined },
): Promise<Session> {
  const invitation = await readInvitation(platform, input.token)
  if (!invitation) throw new LinkInvalid()
  const device = toDevice(platform.keys, { device: input.device, address: invitation.email, caller: asked.caller })
  const { userId, enter } = await findEntrant(platform, invitation, { input, ...asked, deviceId: device.id })
  const { organizationId } = invitation
  const granted = await platform.sql
    .withOrganization({ organizationId, userId }, async (tx) => {
      // Before the invitation, as whoever invites, takes back or ends accounts does it.
      await holdMembers(tx)
      const taken = await takeInvitation(tx, hashToken(input.token), userId)
      if (!taken || !(await mayGive(tx, taken))) throw new LinkInvalid()
      await enter(tx, () => insertMember(tx, { organizationId, userId, ...taken }))
      tellJoined(tx, { userId, invitationId: invitation.id, ...taken })
      return startSession(tx, { organizationId, userId, device })
    })
    .catch((error: unknown) => {
      throw isUniqueViolation(error) ? new InvalidInput('This address has an account already.', ['email']) : error
    })
  if (asked.viewer?.userId === userId) await logOut(platform, asked.viewer, false)
  return toSession(platform, granted, createDeviceToken(platform.keys, invitation.email, device.id))
}

function tellJoined(
  tx: Tx,
  {
    userId,
    invitationId,
    roles,
    clientId,
  }: { userId: string; invitationId: string } & Pick<Invitation, 'roles' | 'clientId'>,
): void {
  if (clientId === null) publish(tx, { type: 'member.joined', payload: { userId, roles } })
  else publish(tx, { type: 'client_account.created', payload: { userId, clientId } })
  audit(tx, {
    action: clientId === null ? 'invitation.accepted' : 'client_account.created',
    subject: { kind: 'Invitation', id: invitationId },
    detail: clientId === null ? { roles } : { clientId },
  })
}

/** Whether whoever sent a link holds all that it gives: today, and not when they sent it. Members are held. */
async function mayGive(tx: Tx, { roles, invitedBy }: { roles: Role[]; invitedBy: string }): Promise<boolean> {
  const inviter = await findMember(tx, invitedBy)
  if (!inviter) return false
  const held = effectiveScopes(inviter)
  const owns = inviter.roles.includes('OWNER')
  return (
    (owns || !roles.includes('OWNER')) &&
    held.includes('member:manage') &&
    scopesOf(roles).every((scope) => held.includes(scope))
  )
}

/** Who joins, and how they are written: around `join`, which makes them a member. */
interface Entrant {
  userId: string
  enter(tx: Tx, join: () => Promise<unknown>): Promise<void>
}

interface Given {
  input: AcceptInput
  viewer: Viewer | null
  caller: string | undefined
  deviceId: string | null
}

async function findEntrant(platform: Platform, invitation: FoundInvitation, given: Given): Promise<Entrant> {
  const { account } = invitation
  if (!account?.hasPlace) return findNewcomer(await addressesOf(platform), invitation, given)
  const { userId, passwordHash } = account
  if (given.viewer?.userId === userId) return { userId, enter: async (_tx, join) => void (await join()) }
  const attempt = { address: invitation.email, device: given.deviceId, caller: given.caller }
  const forgive = await countAttempt(platform, attempt)
  if (!(await verifyPassword(passwordHash, given.input.password ?? ''))) throw new InvalidCredentials()
  await forgive()
  return {
    userId,
    async enter(tx, join) {
      await join()
      // Whoever changed it in the meantime wants nobody to join with the old one.
      if (!(await holdPassword(tx, userId, passwordHash))) throw new InvalidCredentials()
    },
  }
}

const newcomer = z.object({ name: givenName, password: newPassword })

/** Somebody without an account, or whose account has no place anywhere any more: it begins anew, for its address has shown whose it is. */
async function findNewcomer(
  addresses: Addresses,
  { email, account, organizationName }: FoundInvitation,
  { input }: Given,
): Promise<Entrant> {
  const { name, password } = parseInput(newcomer, { name: input.name ?? '', password: input.password ?? '' })
  await requireStrong(password, [name, email, organizationName])
  const passwordHash = await hashPassword(password)
  const userId = account?.userId ?? newId('usr')
  return {
    userId,
    async enter(tx, join) {
      if (!account) await insertPerson(tx, addresses, { id: userId, email, name, passwordHash })
      // An account is seen, and changed, by those who share an organisation with it: itself from here on.
      await join()
      if (!account) return
      await renamePerson(tx, userId, name)
      await updatePassword(tx, userId, passwordHash)
      audit(tx, { action: 'password.changed', subject: { kind: 'User', id: userId }, detail: { by: 'invitation' } })
    },
  }
}
