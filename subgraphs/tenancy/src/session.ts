import { publish } from '@passerelle/platform/facts'
import { revokedSessionKey } from '@passerelle/platform/identity'
import { newId } from '@passerelle/platform/ids'
import { scopesOf, type Viewer } from '@passerelle/platform/schema'
import type { Tx } from '@passerelle/platform/sql'
import type { Platform } from '@passerelle/platform/subgraph'
import { emailAddress } from './email.ts'
import { countAttempt } from './guessing.ts'
import { hashPassword, verifyPassword } from './password.ts'
import { holdPassword } from './password-reset.store.ts'
import { InvalidCredentials } from './refusals.ts'
import {
  endSessions,
  findLogin,
  findRefreshToken,
  findRoles,
  insertRefreshToken,
  insertSession,
  updatePassword,
  useRefreshToken,
} from './session.store.ts'
import { createToken, hashToken } from './token.ts'

/** A log-in: a short access token, and the refresh token that is good for one renewal. */
export interface Session {
  accessToken: string
  refreshToken: string
  expiresAt: Date
  viewer: Viewer
}

const accessSeconds = 15 * 60
const refreshDays = 30

/**
 * Logs in to the organisation the person joined first. InvalidCredentials, after the same time, whatever is wrong; TooManyAttempts when it has
 * been wrong too often.
 */
export async function logIn(platform: Platform, input: { email: string; password: string }): Promise<Session> {
  const address = emailAddress.safeParse(input.email).data ?? null
  const forgive = await countAttempt(platform, address ?? '')
  const login = address === null ? null : await findLogin(platform.sql, address)
  const right = await verifyPassword(login?.passwordHash ?? null, input.password)
  if (!login || !right) throw new InvalidCredentials()
  await forgive()
  const granted = await platform.sql.withOrganization(login, async (tx) => {
    // Whoever changed it in the meantime wants no session of the old one.
    if (!(await holdPassword(tx, login.userId, login.passwordHash))) throw new InvalidCredentials()
    return startSession(tx, login)
  })
  return toSession(platform, granted)
}

/**
 * Renews a session: the refresh token is used up and replaced. A token that was used before means that two hold it: the whole session
 * ends, for both. InvalidCredentials for that one, and for one that is unknown, has expired or whose session has ended.
 */
export async function refreshSession(platform: Platform, refreshToken: string): Promise<Session> {
  const hash = hashToken(refreshToken)
  const owner = await findRefreshToken(platform.sql, hash)
  if (!owner) throw new InvalidCredentials()
  const renewed = await platform.sql.withOrganization(owner, async (tx) => {
    const outcome = await useRefreshToken(tx, hash)
    if (outcome === 'used') return issue(tx, owner)
    if (outcome === 'over') throw new InvalidCredentials()
    await endSessions(tx, { sessionId: owner.sessionId })
    publish(tx, { type: 'session.reuse_detected', payload: { sessionId: owner.sessionId, userId: owner.userId } })
    return null
  })
  if (renewed) return toSession(platform, renewed)
  await revoke(platform, owner.organizationId, [owner.sessionId])
  throw new InvalidCredentials()
}

/** Ends this session, or all of the person's in this organisation; their access tokens are refused from now on. */
export async function logOut(
  platform: Platform,
  viewer: Viewer,
  everywhere: boolean,
): Promise<{ everywhere: boolean }> {
  const ended = await platform.sql.withOrganization(viewer, async (tx) => {
    const sessions = await endSessions(
      tx,
      everywhere ? { userId: viewer.userId ?? '' } : { sessionId: viewer.sessionId ?? '' },
    )
    if (sessions.length > 0) publish(tx, { type: 'session.ended', payload: { userId: viewer.userId, everywhere } })
    return sessions
  })
  await revoke(platform, viewer.organizationId, ended)
  return { everywhere }
}

/** For the operator, who needs no old password: gives an account a new one when it has another. Open sessions stay. */
export async function setPassword(
  platform: Platform,
  { email: address, password }: { email: string; password: string },
): Promise<void> {
  const login = await findLogin(platform.sql, address)
  if (!login || (await verifyPassword(login.passwordHash, password))) return
  const passwordHash = await hashPassword(password)
  await platform.sql.withOrganization(login, async (tx) => {
    await updatePassword(tx, login.userId, passwordHash)
    publish(tx, { type: 'password.changed', payload: { userId: login.userId } })
  })
}

/** What a transaction grants; `toSession` makes tokens of it once that has committed. */
export type Grant = Pick<Session, 'viewer' | 'refreshToken'>

/** Begins a session of somebody who has shown who they are. */
export async function startSession(
  tx: Tx,
  { organizationId, userId }: { organizationId: string; userId: string },
): Promise<Grant> {
  const sessionId = newId('ses')
  await insertSession(tx, { id: sessionId, organizationId, userId })
  publish(tx, { type: 'session.started', payload: { sessionId, userId } })
  return issue(tx, { organizationId, userId, sessionId })
}

async function issue(
  tx: Tx,
  { organizationId, userId, sessionId }: { organizationId: string; userId: string; sessionId: string },
): Promise<Grant> {
  const roles = await findRoles(tx, userId)
  const viewer: Viewer = { organizationId, userId, sessionId, roles, scopes: scopesOf(roles), keyId: null }
  const { token: refreshToken, hash } = createToken()
  const expiresAt = new Date(Date.now() + refreshDays * 86_400_000)
  await insertRefreshToken(tx, { hash, organizationId, sessionId, expiresAt })
  return { viewer, refreshToken }
}

/** The tokens of what was granted. */
export async function toSession({ keys }: Platform, grant: Grant): Promise<Session> {
  const expiresAt = new Date(Date.now() + accessSeconds * 1000)
  return { ...grant, accessToken: await keys.signAccessToken(grant.viewer, accessSeconds), expiresAt }
}

/** Remembers ended sessions for as long as their last access token may live, and a little more: it may be signed at this very moment. */
export async function revoke(platform: Platform, organizationId: string, sessionIds: readonly string[]): Promise<void> {
  for (const id of sessionIds)
    await platform.coordination.memory.set(organizationId, revokedSessionKey(id), '1', accessSeconds + 60)
}
