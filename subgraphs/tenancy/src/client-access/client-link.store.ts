import { sql, type Selectable } from 'kysely'
import { cursorParts, type Page, type PageRequest, type Viewer } from '@passerelle/platform/schema'
import { readRow, sealRow, type FieldKeys } from '@passerelle/platform/sealing'
import type { Sql, Tx } from '@passerelle/platform/sql'
import { listRows, type List } from '@passerelle/platform/sql/list'
import { z } from 'zod'
import type { Tables } from '../tables.ts'
import { linkTable } from './client-link.personal.ts'

type Row = Selectable<Tables['tenancy.client_link']>

export type ClientLinkState = 'ACTIVE' | 'EXPIRED' | 'REVOKED'

/** A link by which a client comes in, as staff see it; its token is nowhere. */
export interface ClientLink {
  id: string
  clientId: string
  label: string | null
  state: ClientLinkState
  createdBy: string
  createdAt: Date
  expiresAt: Date
  revokedAt: Date | null
  uses: number
  lastUsedAt: Date | null
}

const isOpen = sql<boolean>`revoked_at is null and expires_at > now()`

/** The links of a client, the newest first. */
export function listClientLinks(
  { database, viewer, keys }: { database: Sql; viewer: Viewer; keys: FieldKeys },
  { clientId, page }: { clientId: string; page: PageRequest },
): Promise<Page<ClientLink>> {
  const links: List<Row, ClientLink> = {
    from: sql`tenancy.client_link`,
    where: sql<boolean>`client_id = ${clientId}`,
    order: ['created_at', 'id'],
    descending: true,
    cursor: z.tuple([cursorParts.moment, cursorParts.id('clk')]),
    toNode: (row) => toClientLink(keys, row),
  }
  return listRows({ database, viewer }, links, page)
}

export interface NewClientLink {
  id: string
  organizationId: string
  clientId: string
  label: string | null
  hash: string
  createdBy: string
  expiresAt: Date
}

export async function insertClientLink(tx: Tx, keys: FieldKeys, link: NewClientLink): Promise<ClientLink> {
  const { id, label } = link
  const row = await tx
    .withTables<Tables>()
    .insertInto('tenancy.client_link')
    .values({
      ...sealRow(keys, linkTable, { id, label }),
      organization_id: link.organizationId,
      client_id: link.clientId,
      hash: link.hash,
      created_by: link.createdBy,
      expires_at: link.expiresAt,
      revoked_at: null,
      revoked_by: null,
      last_used_at: null,
    })
    .returningAll()
    .executeTakeFirstOrThrow()
  return toClientLink(keys, row)
}

/** How many links of the client hold. */
export async function countOpenLinks(tx: Tx, clientId: string): Promise<number> {
  const { count } = await tx
    .withTables<Tables>()
    .selectFrom('tenancy.client_link')
    .select((query) => query.fn.countAll<number>().as('count'))
    .where('client_id', '=', clientId)
    .where(isOpen)
    .executeTakeFirstOrThrow()
  return count
}

/** The link, held until the transaction ends. */
export async function holdClientLink(tx: Tx, keys: FieldKeys, id: string): Promise<ClientLink | null> {
  const row = await tx
    .withTables<Tables>()
    .selectFrom('tenancy.client_link')
    .selectAll()
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
  return row ? toClientLink(keys, row) : null
}

/** Ends the links that hold, one of them or all of a client's; answers which. */
export async function revokeLinks(
  tx: Tx,
  which: { id: string } | { clientId: string },
  revokedBy: string | null,
): Promise<string[]> {
  const rows = await tx
    .withTables<Tables>()
    .updateTable('tenancy.client_link')
    .set({ revoked_at: new Date(), revoked_by: revokedBy })
    .where(isOpen)
    .where('id' in which ? sql<boolean>`id = ${which.id}` : sql<boolean>`client_id = ${which.clientId}`)
    .returning('id')
    .execute()
  return rows.map(({ id }) => id)
}

/** The links of a client that were revoked as long ago as what they opened may live. */
export async function findLateRevoked(tx: Tx, clientId: string): Promise<string[]> {
  const rows = await tx
    .withTables<Tables>()
    .selectFrom('tenancy.client_link')
    .select('id')
    .where('client_id', '=', clientId)
    .where(sql<boolean>`revoked_at > now() - interval '20 minutes'`)
    .execute()
  return rows.map(({ id }) => id)
}

/** The id of a link and where it is, by the hash of its token, before any organisation is known; null unless it holds. */
export async function findLinkPlace(
  database: Sql,
  hash: string,
): Promise<{ id: string; organizationId: string } | null> {
  const [row] = await database.query<{ id: string; organization_id: string }>(
    'select * from tenancy.find_client_link($1)',
    [hash],
  )
  return row ? { id: row.id, organizationId: row.organization_id } : null
}

/** Notes that a link was opened; null when it holds no more. */
export async function useLink(
  tx: Tx,
  id: string,
): Promise<{ clientId: string; expiresAt: Date; isFirst: boolean } | null> {
  const row = await tx
    .withTables<Tables>()
    .updateTable('tenancy.client_link')
    .set({ uses: sql`uses + 1`, last_used_at: sql`now()` })
    .where('id', '=', id)
    .where(isOpen)
    .returning(['client_id', 'expires_at', 'uses'])
    .executeTakeFirst()
  return row ? { clientId: row.client_id, expiresAt: row.expires_at, isFirst: row.uses === 1 } : null
}

function toClientLink(keys: FieldKeys, row: Row): ClientLink {
  return {
    id: row.id,
    clientId: row.client_id,
    label: readRow(keys, linkTable, { id: row.id, label: row.label }).label,
    state: stateOf(row),
    createdBy: row.created_by,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    revokedAt: row.revoked_at,
    uses: row.uses,
    lastUsedAt: row.last_used_at,
  }
}

function stateOf({ revoked_at: revokedAt, expires_at: expiresAt }: Row): ClientLinkState {
  if (revokedAt) return 'REVOKED'
  return expiresAt > new Date() ? 'ACTIVE' : 'EXPIRED'
}
