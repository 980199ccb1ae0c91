import { audit } from '@passerelle/platform/audit'
import { publish } from '@passerelle/platform/facts'
import type { Tx } from '@passerelle/platform/sql'
import type { Platform } from '@passerelle/platform/subgraph'
import { InvalidCredentials } from '../refusals.ts'
import { findRefreshToken, isSameAttempt, useRefreshToken } from './renewal.store.ts'
import { grant, regrant, revoke, toSession, type Grant, type Session } from './session.ts'
import { endSessions, touchSession } from './session.store.ts'
import { createToken, hashToken } from './token.ts'

/** For how long a client that lost the answer may ask for it again. */
const againSeconds = 60
/** A shorter one could be guessed. */
const shortestAttempt = 16

interface Renewal {
  hash: string
  /** The hash of the client's secret; null without one. */
  attempt: string | null
  /** What the token is traded for. */
  successor: string
}

/**
 * Renews a session: the refresh token is used up and replaced. A token that was used before means that two hold it: the whole session
 * ends, for both. Only whoever renewed under a secret of their own (`attempt`) may ask once more for the same answer, for a minute and until what they
 * got is used. InvalidCredentials for a token that was used, is unknown, has expired or whose session has ended.
 */
export async function refreshSession(
  platform: Platform,
  { refreshToken, attempt }: { refreshToken: string; attempt?: string | null | undefined },
): Promise<Session> {
  const renewal = toRenewal(platform, { refreshToken, attempt: attempt ?? null })
  const owner = await findRefreshToken(platform.sql, renewal.hash)
  if (!owner) throw new InvalidCredentials()
  const renewed = await platform.sql.withOrganization(owner, async (tx): Promise<Grant | null> => {
    const outcome = await useRefreshToken(tx, renewal)
    if (outcome === 'over') throw new InvalidCredentials()
    if (outcome === 'used') {
      await touchSession(tx, owner.sessionId)
      return grant(tx, owner, renewal.successor)
    }
    if (await isRepeated(tx, renewal)) return regrant(tx, owner, renewal.successor)
    // Told once: whoever keeps an old token could otherwise have it told for ever.
    if ((await endSessions(tx, { sessionId: owner.sessionId })).length === 0) return null
    publish(tx, { type: 'session.reuse_detected', payload: { sessionId: owner.sessionId, userId: owner.userId } })
    audit(tx, { action: 'session.reused', subject: { kind: 'Session', id: owner.sessionId }, author: 'SERVICE' })
    return null
  })
  if (renewed) return toSession(platform, renewed)
  await revoke(platform, owner.organizationId, [owner.sessionId])
  throw new InvalidCredentials()
}

function toRenewal(
  { keys }: Pick<Platform, 'keys'>,
  { refreshToken, attempt }: { refreshToken: string; attempt: string | null },
): Renewal {
  const hash = hashToken(refreshToken)
  if (attempt === null || attempt.length < shortestAttempt)
    return { hash, attempt: null, successor: createToken().token }
  // Made of both, so that it can be told again and is kept nowhere.
  return { hash, attempt: hashToken(attempt), successor: keys.mac('renewals', `${refreshToken} ${attempt}`) }
}

async function isRepeated(tx: Tx, { hash, attempt, successor }: Renewal): Promise<boolean> {
  if (attempt === null) return false
  const since = new Date(Date.now() - againSeconds * 1000)
  return isSameAttempt(tx, { hash, attempt, successor: hashToken(successor), since })
}
