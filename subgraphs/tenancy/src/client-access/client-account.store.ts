import { sql } from 'kysely'
import { cursorParts, type Page, type PageRequest, type Viewer } from '@passerelle/platform/schema'
import type { Sql, Tx } from '@passerelle/platform/sql'
import { listRows, type List } from '@passerelle/platform/sql/list'
import { z } from 'zod'
import { readInvitationAddress, readPersonAddress, type Addresses } from '../personal-data/personal-data.addresses.ts'
import type { Tables } from '../tables.ts'

export type ClientAccountState = 'INVITED' | 'EXPIRED' | 'ACTIVE'

/** An account of a client, or the invitation to one. */
export interface ClientAccount {
  /** Of the person, or of the invitation. */
  id: string
  clientId: string
  email: string
  /** Null for somebody who was invited. */
  name: string | null
  state: ClientAccountState
  since: Date
  /** When an invitation ends. */
  expiresAt: Date | null
  lastUsedAt: Date | null
}

interface Row {
  id: string
  client_id: string
  email: string
  name: string | null
  since: Date
  expires_at: Date | null
  last_used_at: Date | null
}

/** The accounts of a client and the invitations that nobody has accepted, the newest first. */
export function listClientAccounts(
  { database, viewer, addresses }: { database: Sql; viewer: Viewer; addresses: Addresses },
  { clientId, page }: { clientId: string; page: PageRequest },
): Promise<Page<ClientAccount>> {
  const accounts: List<Row, ClientAccount> = {
    from: sql`(
      select member.user_id as id, member.client_id, person.email, person.name, date_trunc('milliseconds', member.joined_at) as since,
        null::timestamptz as expires_at,
        (select max(last_used_at) from tenancy.session where session.user_id = member.user_id) as last_used_at
      from tenancy.member join tenancy.person on person.id = member.user_id where member.client_id = ${clientId}
      union all
      select id, client_id, email, null, created_at, expires_at, null from tenancy.invitation
      where client_id = ${clientId} and accepted_at is null and revoked_at is null) as account`,
    order: ['since', 'id'],
    descending: true,
    cursor: z.tuple([cursorParts.moment, z.union([cursorParts.id('usr'), cursorParts.id('inv')])]),
    toNode: (row) => toAccount(addresses, row),
  }
  return listRows({ database, viewer }, accounts, page)
}

/** The people who have an account of the client, or the one under an id. */
export async function loadAccounts(
  tx: Tx,
  which: { userId: string } | { clientId: string },
): Promise<{ userId: string; clientId: string }[]> {
  const rows = await tx
    .withTables<Tables>()
    .selectFrom('tenancy.member')
    .select(['user_id', 'client_id'])
    .where('client_id', 'is not', null)
    .where('userId' in which ? sql<boolean>`user_id = ${which.userId}` : sql<boolean>`client_id = ${which.clientId}`)
    .orderBy('user_id')
    .execute()
  return rows.flatMap(({ user_id: userId, client_id: clientId }) => (clientId === null ? [] : [{ userId, clientId }]))
}

/** Ends invitations to an account that nobody has accepted: the one under an id, or all of a client's; answers which. */
export async function endInvitations(
  tx: Tx,
  which: { id: string } | { clientId: string },
): Promise<{ id: string; clientId: string }[]> {
  const rows = await tx
    .withTables<Tables>()
    .updateTable('tenancy.invitation')
    .set({ revoked_at: new Date() })
    .where('client_id', 'is not', null)
    .where('accepted_at', 'is', null)
    .where('revoked_at', 'is', null)
    .where('id' in which ? sql<boolean>`id = ${which.id}` : sql<boolean>`client_id = ${which.clientId}`)
    .returning(['id', 'client_id'])
    .execute()
  return rows.flatMap(({ id, client_id: clientId }) => (clientId === null ? [] : [{ id, clientId }]))
}

function toAccount(addresses: Addresses, row: Row): ClientAccount {
  const { id, expires_at: expiresAt } = row
  const read = expiresAt === null ? readPersonAddress : readInvitationAddress
  return {
    id,
    clientId: row.client_id,
    email: read(addresses, { id, email: row.email }).email,
    name: row.name,
    state: stateOf(expiresAt),
    since: row.since,
    expiresAt,
    lastUsedAt: row.last_used_at,
  }
}

function stateOf(expiresAt: Date | null): ClientAccountState {
  if (expiresAt === null) return 'ACTIVE'
  return expiresAt > new Date() ? 'INVITED' : 'EXPIRED'
}
