import { sql } from 'kysely'
import type { Rights } from '@passerelle/platform/schema'
import type { Sql, Tx } from '@passerelle/platform/sql'
import { rowsOf } from '@passerelle/platform/sql'
import type { Device } from './device.ts'
import { addressKey, type Addresses } from '../personal-data/personal-data.addresses.ts'
import type { Tables } from '../tables.ts'

/** Who logs in with this address, before any organisation is known: in `place`, or where they were last. */
export async function findLogin(
  { sql, addresses }: { sql: Sql; addresses: Addresses },
  email: string,
  place: string | null = null,
): Promise<{ userId: string; passwordHash: string; organizationId: string } | null> {
  const [row] = await sql.query<{ user_id: string; password_hash: string; organization_id: string }>(
    'select * from tenancy.find_login($1, $2)',
    [addressKey(addresses, email), place],
  )
  return row ? { userId: row.user_id, passwordHash: row.password_hash, organizationId: row.organization_id } : null
}

export async function insertSession(
  tx: Tx,
  session: { id: string; organizationId: string; userId: string; device: Pick<Device, 'name' | 'network'> },
): Promise<void> {
  await tx
    .withTables<Tables>()
    .insertInto('tenancy.session')
    .values({
      id: session.id,
      organization_id: session.organizationId,
      user_id: session.userId,
      ended_at: null,
      device: session.device.name,
      network: session.device.network,
    })
    .execute()
}

/** Whether the person has opened a session from such a device and network before, within the days for which that is remembered. */
export async function hasBeenHere(
  tx: Tx,
  { userId, device, days }: { userId: string; device: Pick<Device, 'name' | 'network'>; days: number },
): Promise<boolean> {
  const found = await tx
    .withTables<Tables>()
    .selectFrom('tenancy.session')
    .select('id')
    .where('user_id', '=', userId)
    .where('device', 'is not distinct from', device.name)
    .where('network', 'is not distinct from', device.network)
    .where('last_used_at', '>', new Date(Date.now() - days * 86_400_000))
    .limit(1)
    .executeTakeFirst()
  return found !== undefined
}

/** Ends one session, or all of the person's; answers those that were still open, and where they were opened. */
export async function endSessions(
  tx: Tx,
  which: { sessionId: string } | { userId: string },
): Promise<{ id: string; name: string | null; network: string | null }[]> {
  return tx
    .withTables<Tables>()
    .updateTable('tenancy.session')
    .set({ ended_at: new Date() })
    .where('ended_at', 'is', null)
    .$if('sessionId' in which, (query) => query.where('id', '=', 'sessionId' in which ? which.sessionId : ''))
    .$if('userId' in which, (query) => query.where('user_id', '=', 'userId' in which ? which.userId : ''))
    .returning(['id', 'device as name', 'network'])
    .execute()
}

/** Notes that the session was used just now. */
export async function touchSession(tx: Tx, sessionId: string): Promise<void> {
  await tx
    .withTables<Tables>()
    .updateTable('tenancy.session')
    .set({ last_used_at: sql`now()` })
    .where('id', '=', sessionId)
    .execute()
}

/** What somebody may do there, and the version of it, and which client they are, if any; null for who has no place. */
export async function findRights(
  tx: Tx,
  userId: string,
): Promise<(Rights & { version: number; clientId: string | null }) | null> {
  const row = await tx
    .withTables<Tables>()
    .selectFrom('tenancy.member')
    .select(['roles', 'granted_scopes as granted', 'withheld_scopes as withheld', 'rights_version as version'])
    .select('client_id as clientId')
    .where('user_id', '=', userId)
    .executeTakeFirst()
  return row ?? null
}

export async function updatePassword(tx: Tx, userId: string, passwordHash: string): Promise<void> {
  await tx
    .withTables<Tables>()
    .updateTable('tenancy.person')
    .set({ password_hash: passwordHash })
    .where('id', '=', userId)
    .execute()
}

/** An open session of a person, as they see it themselves. */
export interface OwnSession {
  id: string
  organizationId: string
  organizationName: string
  device: string | null
  network: string | null
  startedAt: Date
  lastUsedAt: Date
}

/** The open sessions of the person the transaction speaks for, in every organisation, the one used last first. */
export async function listOwnSessions(tx: Tx): Promise<OwnSession[]> {
  const rows = await rowsOf<{
    id: string
    organization_id: string
    organization_name: string
    device: string | null
    network: string | null
    started_at: Date
    last_used_at: Date
  }>(tx, 'select * from tenancy.own_sessions()', [])
  return rows.map((row) => ({
    id: row.id,
    organizationId: row.organization_id,
    organizationName: row.organization_name,
    device: row.device,
    network: row.network,
    startedAt: row.started_at,
    lastUsedAt: row.last_used_at,
  }))
}

/** Ends one session of that person; answers the organisation it was in, or null when it is not theirs or has ended. */
export async function endOwnSession(tx: Tx, sessionId: string): Promise<string | null> {
  const [row] = await rowsOf<{ organization_id: string }>(tx, 'select * from tenancy.end_own_session($1)', [sessionId])
  return row?.organization_id ?? null
}
