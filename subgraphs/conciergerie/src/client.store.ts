import type { Selectable } from 'kysely'
import { listByName, searchColumn, sortName, type NamedRecords, type Search } from '@passerelle/platform/records'
import type { Page, PageRequest, Viewer } from '@passerelle/platform/schema'
import type { Sql, Tx } from '@passerelle/platform/sql'
import { toClientRecord } from './client.record.ts'
import type { Client } from './client.ts'
import type { Tables } from './tables.ts'

type Row = Selectable<Tables['conciergerie.client']>

const clients: NamedRecords<Row, Client> = { table: 'conciergerie.client', prefix: 'cli', toNoun: toClient }

export async function insertClient(tx: Tx, { organizationId }: Viewer, client: Client): Promise<void> {
  await tx
    .withTables<Tables>()
    .insertInto('conciergerie.client')
    .values({ id: client.id, organization_id: organizationId, created_at: client.createdAt, ...toColumns(client) })
    .execute()
}

/** Writes everything about a client but who it is. */
export async function updateClient(tx: Tx, client: Client): Promise<void> {
  await tx
    .withTables<Tables>()
    .updateTable('conciergerie.client')
    .set(toColumns(client))
    .where('id', '=', client.id)
    .execute()
}

export async function loadClients(tx: Tx, ids: readonly string[]): Promise<Client[]> {
  const rows = await tx
    .withTables<Tables>()
    .selectFrom('conciergerie.client')
    .selectAll()
    .where('id', 'in', ids)
    .execute()
  return rows.map(toClient)
}

/** The client, held until the transaction ends, so that two changes at once both stay. */
export async function holdClient(tx: Tx, id: string): Promise<Client | null> {
  const row = await tx
    .withTables<Tables>()
    .selectFrom('conciergerie.client')
    .selectAll()
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
  return row ? toClient(row) : null
}

/** Clients by name. */
export function listClients(
  database: Sql,
  viewer: Viewer,
  list: { page: PageRequest; search: Search | null },
): Promise<Page<Client>> {
  return listByName({ database, viewer }, clients, list)
}

function toColumns(client: Client) {
  const { name, email, phone, siren, vatNumber } = client
  const keys = toClientRecord(client).links.map(({ key }) => key)
  return {
    name,
    email,
    phone,
    siren,
    vat_number: vatNumber,
    sort_name: sortName(name),
    search: searchColumn([name, email, phone, siren, vatNumber, ...keys]),
  }
}

function toClient(row: Row): Client {
  return {
    id: row.id,
    name: row.name,
    email: row.email,
    phone: row.phone,
    siren: row.siren,
    vatNumber: row.vat_number,
    createdAt: row.created_at,
  }
}
