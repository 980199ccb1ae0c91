import { audit } from '@passerelle/platform/audit'
import { publish } from '@passerelle/platform/facts'
import {
  endedRememberedSeconds,
  memberRightsKey,
  revokedSessionKey,
  tellAccessEnded,
} from '@passerelle/platform/identity'
import { newId } from '@passerelle/platform/ids'
import { effectiveScopes, ownScopes, type Viewer } from '@passerelle/platform/schema'
import type { Tx } from '@passerelle/platform/sql'
import type { Platform } from '@passerelle/platform/subgraph'
import type { Device } from './device.ts'
import { hashPassword, verifyPassword } from '../passwords/password.ts'
import { endAccess } from '../passwords/password-reset.store.ts'
import { addressesOf } from '../personal-data/personal-data.addresses.ts'
import { InvalidCredentials } from '../refusals.ts'
import { insertRefreshToken } from './renewal.store.ts'
import { endSessions, findLogin, findRights, insertSession, updatePassword } from './session.store.ts'
import { createToken, hashToken } from './token.ts'

/** A log-in: a short access token, and the refresh token that is good for one renewal. */
export interface Session {
  accessToken: string
  refreshToken: string
  expiresAt: Date
  viewer: Viewer
  /** What the device shows at the next log-in; null where that is not a log-in. */
  deviceToken: string | null
}

/** How long an access token lives. */
export const accessSeconds = 15 * 60
const refreshDays = 30

/** What a transaction grants; `toSession` makes tokens of it once that has committed. */
export type Grant = Pick<Session, 'viewer' | 'refreshToken'> & { rightsVersion: number }

interface Holder {
  organizationId: string
  userId: string
  sessionId: string
}

/** Begins a session of somebody who has shown who they are. InvalidCredentials when they are no member there, or not any more. */
export async function startSession(
  tx: Tx,
  {
    organizationId,
    userId,
    device,
    isNewDevice = false,
  }: Omit<Holder, 'sessionId'> & { device: Pick<Device, 'name' | 'network'>; isNewDevice?: boolean },
): Promise<Grant> {
  const sessionId = newId('ses')
  const rights = await findRights(tx, userId)
  if (!rights) throw new InvalidCredentials()
  await insertSession(tx, { id: sessionId, organizationId, userId, device })
  publish(tx, { type: 'session.started', payload: { sessionId, userId, isNewDevice } })
  audit(tx, { action: 'session.started', subject: { kind: 'Session', id: sessionId } })
  return grant(tx, { organizationId, userId, sessionId }, createToken().token)
}

/** Gives a session a refresh token, and a viewer with the rights of this moment. */
export async function grant(tx: Tx, holder: Holder, refreshToken: string): Promise<Grant> {
  const { organizationId, sessionId } = holder
  const expiresAt = new Date(Date.now() + refreshDays * 86_400_000)
  await insertRefreshToken(tx, { hash: hashToken(refreshToken), organizationId, sessionId, expiresAt })
  return regrant(tx, holder, refreshToken)
}

/** The same with a refresh token that the session has already. */
export async function regrant(tx: Tx, holder: Holder, refreshToken: string): Promise<Grant> {
  const rights = await findRights(tx, holder.userId)
  if (!rights) throw new InvalidCredentials()
  const viewer: Viewer = {
    ...holder,
    roles: rights.roles,
    scopes: rights.clientId === null ? effectiveScopes(rights) : ownScopes,
    keyId: null,
    clientId: rights.clientId,
  }
  return { viewer, refreshToken, rightsVersion: rights.version }
}

/** The tokens of what was granted. */
export async function toSession(
  { keys }: Pick<Platform, 'keys'>,
  { viewer, refreshToken, rightsVersion }: Grant,
  deviceToken: string | null = null,
): Promise<Session> {
  const expiresAt = new Date(Date.now() + accessSeconds * 1000)
  const accessToken = await keys.signAccessToken(viewer, accessSeconds, rightsVersion)
  return { viewer, refreshToken, accessToken, expiresAt, deviceToken }
}

/** Ends this session, or all of the person's in every organisation; their access tokens are refused from now on. */
export async function logOut(
  platform: Platform,
  viewer: Viewer,
  everywhere: boolean,
): Promise<{ everywhere: boolean }> {
  const ended = await platform.sql.withOrganization(viewer, async (tx) => {
    const sessions = everywhere ? await endAccess(tx, null) : await endHere(tx, viewer)
    if (sessions.length > 0) {
      publish(tx, { type: 'session.ended', payload: { userId: viewer.userId, everywhere } })
      audit(tx, { action: 'session.ended', detail: { everywhere, sessions: sessions.length } })
    }
    return sessions
  })
  for (const { organizationId, id } of ended) await revoke(platform, organizationId, [id])
  return { everywhere }
}

async function endHere(
  tx: Tx,
  { organizationId, sessionId }: Viewer,
): Promise<{ organizationId: string; id: string }[]> {
  const sessions = await endSessions(tx, { sessionId: sessionId ?? '' })
  return sessions.map(({ id }) => ({ organizationId, id }))
}

/** For the operator, who needs no old password: gives an account a new one when it has another. Open sessions stay. */
export async function setPassword(
  platform: Platform,
  { email: address, password }: { email: string; password: string },
): Promise<void> {
  const { sql } = platform
  const login = await findLogin({ sql, addresses: await addressesOf(platform) }, address)
  if (!login || (await verifyPassword(login.passwordHash, password))) return
  const passwordHash = await hashPassword(password)
  await platform.sql.withOrganization(login, async (tx) => {
    await updatePassword(tx, login.userId, passwordHash)
    publish(tx, { type: 'password.changed', payload: { userId: login.userId } })
    audit(tx, { action: 'password.changed', subject: { kind: 'User', id: login.userId }, author: 'SERVICE' })
  })
}

/** As long as the last access token with the rights before may live, and a little more: it may be signed at this very moment. */
const rememberedSeconds = accessSeconds + 60

/** Has the tokens and links of ended sessions refused, and the gateways close what they hold open. */
export async function revoke(
  { coordination }: Pick<Platform, 'coordination'>,
  organizationId: string,
  sessionIds: readonly string[],
): Promise<void> {
  if (sessionIds.length === 0) return
  for (const id of sessionIds)
    await coordination.memory.set(organizationId, revokedSessionKey(id), '1', endedRememberedSeconds)
  await tellAccessEnded(coordination, organizationId)
}

/** Has the gateways refuse tokens that carry rights of the member older than this version. */
export async function outdate(
  { coordination }: Pick<Platform, 'coordination'>,
  { organizationId, userId, version }: { organizationId: string; userId: string; version: number },
): Promise<void> {
  await coordination.memory.set(organizationId, memberRightsKey(userId), String(version), rememberedSeconds)
  await tellAccessEnded(coordination, organizationId)
}
