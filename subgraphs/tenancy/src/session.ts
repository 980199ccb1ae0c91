import { createHash, randomBytes } from 'node:crypto'
import { z } from 'zod'
import { publish } from '@passerelle/platform/facts'
import { revokedSessionKey } from '@passerelle/platform/identity'
import { newId } from '@passerelle/platform/ids'
import { InvalidInput, parseInput, scopesOf, type Viewer } from '@passerelle/platform/schema'
import type { Tx } from '@passerelle/platform/sql'
import type { Platform } from '@passerelle/platform/subgraph'
import { insertOrganization } from './organization.store.ts'
import { hashPassword, verifyPassword } from './password.ts'
import { InvalidCredentials } from './refusals.ts'
import { endSessions, findLogin, findRefreshToken, findRoles, insertRefreshToken, insertSession, updatePassword, useRefreshToken } from './session.store.ts'

/** A log-in: a short access token, and the refresh token that is good for one renewal. */
export interface Session {
  accessToken: string
  refreshToken: string
  expiresAt: Date
  viewer: Viewer
}

const accessSeconds = 15 * 60
const refreshDays = 30

const email = z.string().trim().max(254, 'An address has at most 254 characters.').pipe(z.email('This is not an e-mail address.'))
const name = z.string().trim().min(1, 'A name is needed.').max(120, 'A name has at most 120 characters.')
const signUpInput = z.object({
  email,
  password: z.string().min(10, 'A password has at least 10 characters.').max(200, 'A password has at most 200 characters.'),
  name,
  organizationName: name,
})

/** Opens an organisation with its owner and logs them in. InvalidInput when something is missing or the address has an account already. */
export async function signUp(platform: Platform, input: z.input<typeof signUpInput>): Promise<Session> {
  const { password, ...person } = parseInput(signUpInput, input)
  const passwordHash = await hashPassword(password)
  const organizationId = newId('org')
  const userId = newId('usr')
  const session = await platform.sql
    .withOrganization({ organizationId, userId }, async (tx) => {
      await insertOrganization(tx, {
        organization: { id: organizationId, name: person.organizationName },
        person: { id: userId, email: person.email, name: person.name, passwordHash },
      })
      publish(tx, { type: 'organization.created', payload: { userId } })
      return startSession(tx, { platform, organizationId, userId })
    })
    .catch((error: unknown) => {
      throw isUniqueViolation(error) ? new InvalidInput('This address has an account already.', ['email']) : error
    })
  await welcome(platform, { organizationId, to: person.email, name: person.name, organizationName: person.organizationName })
  return session
}

/** Logs in to the organisation the person joined first. InvalidCredentials, after the same time, whatever is wrong. */
export async function logIn(platform: Platform, input: { email: string; password: string }): Promise<Session> {
  const address = email.safeParse(input.email)
  const login = address.success ? await findLogin(platform.sql, address.data) : null
  const right = await verifyPassword(login?.passwordHash ?? null, input.password.slice(0, 200))
  if (!login || !right) throw new InvalidCredentials()
  return platform.sql.withOrganization(login, (tx) => startSession(tx, { platform, ...login }))
}

/**
 * Renews a session: the refresh token is used up and replaced. A token that was used before means that two hold it: the whole session
 * ends, for both.
 */
export async function refreshSession(platform: Platform, refreshToken: string): Promise<Session> {
  const hash = hashToken(refreshToken)
  const owner = await findRefreshToken(platform.sql, hash)
  if (!owner) throw new InvalidCredentials()
  const renewed = await platform.sql.withOrganization(owner, async (tx) => {
    if (await useRefreshToken(tx, hash)) return issue(tx, { platform, ...owner })
    await endSessions(tx, { sessionId: owner.sessionId })
    publish(tx, { type: 'session.reuse_detected', payload: { sessionId: owner.sessionId, userId: owner.userId } })
    return null
  })
  if (renewed) return renewed
  await revoke(platform, owner.organizationId, [owner.sessionId])
  throw new InvalidCredentials()
}

/** Ends this session, or all of the person's in this organisation; their access tokens are refused from now on. */
export async function logOut(platform: Platform, viewer: Viewer, everywhere: boolean): Promise<{ everywhere: boolean }> {
  const ended = await platform.sql.withOrganization(viewer, async (tx) => {
    const sessions = await endSessions(tx, everywhere ? { userId: viewer.userId ?? '' } : { sessionId: viewer.sessionId ?? '' })
    if (sessions.length > 0) publish(tx, { type: 'session.ended', payload: { userId: viewer.userId, everywhere } })
    return sessions
  })
  await revoke(platform, viewer.organizationId, ended)
  return { everywhere }
}

/** For the operator, who needs no old password: gives an account a new one when it has another. Open sessions stay. */
export async function setPassword(platform: Platform, { email: address, password }: { email: string; password: string }): Promise<void> {
  const login = await findLogin(platform.sql, address)
  if (!login || (await verifyPassword(login.passwordHash, password))) return
  const passwordHash = await hashPassword(password)
  await platform.sql.withOrganization(login, async (tx) => {
    await updatePassword(tx, login.userId, passwordHash)
    publish(tx, { type: 'password.changed', payload: { userId: login.userId } })
  })
}

interface Start {
  platform: Platform
  organizationId: string
  userId: string
}

async function startSession(tx: Tx, start: Start): Promise<Session> {
  const sessionId = newId('ses')
  await insertSession(tx, { id: sessionId, organizationId: start.organizationId, userId: start.userId })
  publish(tx, { type: 'session.started', payload: { sessionId, userId: start.userId } })
  return issue(tx, { ...start, sessionId })
}

async function issue(tx: Tx, { platform, organizationId, userId, sessionId }: Start & { sessionId: string }): Promise<Session> {
  const roles = await findRoles(tx, userId)
  const viewer: Viewer = { organizationId, userId, sessionId, roles, scopes: scopesOf(roles) }
  const refreshToken = randomBytes(32).toString('base64url')
  const expiresAt = new Date(Date.now() + refreshDays * 86_400_000)
  await insertRefreshToken(tx, { hash: hashToken(refreshToken), organizationId, sessionId, expiresAt })
  return {
    accessToken: await platform.keys.signAccessToken(viewer, accessSeconds),
    refreshToken,
    expiresAt: new Date(Date.now() + accessSeconds * 1000),
    viewer,
  }
}

async function revoke(platform: Platform, organizationId: string, sessionIds: readonly string[]): Promise<void> {
  for (const id of sessionIds) await platform.coordination.memory.set(organizationId, revokedSessionKey(id), '1', accessSeconds)
}

/** The account is there whether or not the message can be sent. */
async function welcome(
  { mail, log }: Platform,
  { organizationId, to, name, organizationName }: { organizationId: string; to: string; name: string; organizationName: string },
): Promise<void> {
  const text = `Bonjour ${name},\n\nL'espace « ${organizationName} » est ouvert. Déposez un premier document, puis posez-lui une question.\n\nPasserelle`
  await mail.send({ organizationId, to, subject: 'Bienvenue dans Passerelle', text }).catch((error: unknown) => log.warn({ err: error }, 'welcome message'))
}

function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}

function isUniqueViolation(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === '23505'
}
