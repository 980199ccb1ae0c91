import { audit } from '@passerelle/platform/audit'
import { publish } from '@passerelle/platform/facts'
import { NotFound, type Viewer } from '@passerelle/platform/schema'
import type { Platform } from '@passerelle/platform/subgraph'
import { endAccess } from '../passwords/password-reset.store.ts'
import { revoke } from './session.ts'
import { endOwnSession } from './session.store.ts'

type Person = Viewer & { userId: string }

/** Ends one session of the viewer's own, in whichever organisation; NotFound for one that is not theirs or has ended. */
export async function endSession(platform: Platform, viewer: Person, sessionId: string): Promise<{ count: number }> {
  const organizationId = await platform.sql.withOrganization(viewer, async (tx) => {
    const place = await endOwnSession(tx, sessionId)
    if (place === null) throw new NotFound()
    publish(tx, { type: 'session.ended', payload: { userId: viewer.userId, everywhere: false } })
    audit(tx, { action: 'session.ended', subject: { kind: 'Session', id: sessionId } })
    return place
  })
  await revoke(platform, organizationId, [sessionId])
  return { count: 1 }
}

/** Ends every session of the viewer's but this one, in every organisation, and any open link to choose a password. */
export async function endOtherSessions(platform: Platform, viewer: Person): Promise<{ count: number }> {
  const ended = await platform.sql.withOrganization(viewer, async (tx) => {
    const sessions = await endAccess(tx, viewer.sessionId)
    if (sessions.length > 0) {
      publish(tx, { type: 'session.ended', payload: { userId: viewer.userId, everywhere: true } })
      audit(tx, { action: 'session.ended', detail: { everywhere: true, sessions: sessions.length } })
    }
    return sessions
  })
  for (const { organizationId, id } of ended) await revoke(platform, organizationId, [id])
  return { count: ended.length }
}
