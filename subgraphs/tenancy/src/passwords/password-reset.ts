import { z } from 'zod'
import { audit } from '@passerelle/platform/audit'
import { publish } from '@passerelle/platform/facts'
import type { Queue } from '@passerelle/platform/jobs'
import { parseInput } from '@passerelle/platform/schema'
import type { Tx } from '@passerelle/platform/sql'
import type { Platform } from '@passerelle/platform/subgraph'
import { emailAddress } from '../email.ts'
import { readHouseUrl } from '../env.ts'
import { countReset, forgiveAttempts } from '../sessions/guessing.ts'
import { changedMessage, resetMessage } from './password.mail.ts'
import { hashPassword, newPassword, requireStrong } from './password.ts'
import { endAccess, findPerson, findReset, replaceReset, takeReset } from './password-reset.store.ts'
import { addressesOf } from '../personal-data/personal-data.addresses.ts'
import { LinkInvalid } from '../refusals.ts'
import { revoke } from '../sessions/session.ts'
import { findLogin, updatePassword } from '../sessions/session.store.ts'
import { createToken, hashToken } from '../sessions/token.ts'

/** How long a link is good for. */
export const resetMinutes = 30

/** Whether the address is anybody's is found out in a job: asking takes the same time for all. */
export const resetQueue: Queue<{ email: string }> = {
  name: 'tenancy.password-reset',
  retries: 5,
  concurrency: 2,
  perOrganization: 2,
  forgets: true,
}

/** Requests are nobody's until they have been looked at. */
const nobody = { organizationId: 'platform' }
/** Where an address is kept until then, sealed. */
const waiting = { table: 'jobs.job', column: 'email', row: 'tenancy.password-reset' }

const resetRequest = z.object({ email: emailAddress })

/**
 * Has a link sent to the address if it is somebody's; the answer is the same when it is not. InvalidInput for what is no address,
 * TooManyAttempts after three requests for it within a quarter of an hour, or thirty of the same caller, a network address.
 */
export async function requestPasswordReset(
  platform: Platform,
  input: z.input<typeof resetRequest>,
  caller: string | undefined,
): Promise<{ minutes: number; mailStays: boolean }> {
  const { email } = parseInput(resetRequest, input)
  await countReset(platform, { address: email, caller })
  const sealed = (await addressesOf(platform)).seal(waiting, email)
  await platform.sql.withOrganization(nobody, (tx) => platform.jobs.enqueue(tx, resetQueue, { email: sealed }))
  return { minutes: resetMinutes, mailStays: platform.mail.stays }
}

/** Writes to whoever has an account under the address; the link replaces an earlier one. */
export async function sendResetLink(platform: Platform, sealed: string): Promise<void> {
  const { sql } = platform
  const addresses = await addressesOf(platform)
  const owner = ownerOf(await findLogin({ sql, addresses }, addresses.read(waiting, sealed)))
  if (!owner) return
  const writeMail = await platform.mail.writer(owner.organizationId)
  await sql.withOrganization(owner, async (tx) => {
    const person = await findPerson(tx, addresses, owner.userId)
    if (!person) return
    const message = resetMessage({ name: person.name, url: await keepLink(tx, owner), minutes: resetMinutes })
    await writeMail(tx, { to: person.email, ...message })
  })
}

/** For the operator: a link for the person of an address, who is not written to. Null for an address that nobody logs in with. */
export async function createResetLink(
  { sql, sealing }: Pick<Platform, 'sql' | 'sealing'>,
  email: string,
): Promise<{ url: string; minutes: number } | null> {
  const addresses = await addressesOf({ sealing })
  const owner = ownerOf(await findLogin({ sql, addresses }, email))
  if (!owner) return null
  return { url: await sql.withOrganization(owner, (tx) => keepLink(tx, owner)), minutes: resetMinutes }
}

/** Whose link it is, and where it is kept. */
interface Owner {
  organizationId: string
  userId: string
}

function ownerOf(login: Owner | null): Owner | null {
  return login && { organizationId: login.organizationId, userId: login.userId }
}

/** Keeps a new link in the place of an earlier one; answers its address. */
async function keepLink(tx: Tx, { organizationId, userId }: Owner): Promise<string> {
  const { token, hash } = createToken()
  const expiresAt = new Date(Date.now() + resetMinutes * 60_000)
  await replaceReset(tx, { organizationId, userId, hash, expiresAt })
  publish(tx, { type: 'password.reset_requested', payload: { userId } })
  audit(tx, { action: 'password.reset_requested', subject: { kind: 'User', id: userId }, author: 'SERVICE' })
  return `${readHouseUrl()}/reset?token=${token}`
}

const resetInput = z.object({ token: z.string(), password: newPassword })

/**
 * Gives the person of the link a new password and ends all their sessions, in every organisation; nobody is logged in by it. LinkInvalid when the
 * link is unknown, used, replaced or too old; a password that is refused with InvalidInput leaves it as it was.
 */
export async function resetPassword(
  platform: Platform,
  input: z.input<typeof resetInput>,
  caller: string | undefined,
): Promise<{ sessionsEnded: number }> {
  const { token, password } = parseInput(resetInput, input)
  const hash = hashToken(token)
  const owner = await findReset(platform.sql, hash)
  if (!owner) throw new LinkInvalid()
  const addresses = await addressesOf(platform)
  const person = await platform.sql.withOrganization(owner, (tx) => findPerson(tx, addresses, owner.userId))
  await requireStrong(password, person ? [person.name, person.email] : [])
  const passwordHash = await hashPassword(password)
  const sessions = await platform.sql.withOrganization(owner, async (tx) => {
    if (!(await takeReset(tx, hash))) throw new LinkInvalid()
    await updatePassword(tx, owner.userId, passwordHash)
    publish(tx, { type: 'password.changed', payload: { userId: owner.userId } })
    audit(tx, { action: 'password.changed', subject: { kind: 'User', id: owner.userId }, detail: { by: 'link' } })
    return endAccess(tx, null)
  })
  return settleChange(platform, { ...owner, sessions, forgive: { caller } })
}

interface Change {
  organizationId: string
  userId: string
  sessions: readonly { organizationId: string; id: string }[]
  /** Whose wrong attempts to log in are forgotten: whoever reads the mailbox is not who guessed. */
  forgive: { caller: string | undefined } | null
}

/** What follows a new password once it is written: ended sessions are refused at once, and the person hears of it. */
export async function settleChange(platform: Platform, change: Change): Promise<{ sessionsEnded: number }> {
  const { organizationId, userId, sessions } = change
  for (const session of sessions) await revoke(platform, session.organizationId, [session.id])
  const addresses = await addressesOf(platform)
  const person = await platform.sql.withOrganization({ organizationId, userId }, (tx) =>
    findPerson(tx, addresses, userId),
  )
  if (person) {
    if (change.forgive) await forgiveAttempts(platform, { address: person.email, ...change.forgive })
    await platform.mail
      .send({ organizationId, to: person.email, ...changedMessage(person.name) })
      .catch((error: unknown) => platform.log.warn({ err: error }, 'message of a changed password'))
  }
  return { sessionsEnded: sessions.length }
}
