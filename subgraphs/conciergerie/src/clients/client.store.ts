import { sql, type Selectable } from 'kysely'
import { listByName, sortName, type NamedRecords, type Search } from '@passerelle/platform/records'
import type { Page, PageRequest, Viewer } from '@passerelle/platform/schema'
import { readRow, sealRow, type FieldKeys } from '@passerelle/platform/sealing'
import type { Sql, Tx } from '@passerelle/platform/sql'
import { clientIndexes, clientTable } from './client.personal.ts'
import { clientSearch } from './client.record.ts'
import type { Client } from './client.ts'
import type { Tables } from '../tables.ts'

type Row = Selectable<Tables['conciergerie.client']>

export async function insertClient(tx: Tx, keys: FieldKeys, client: Client): Promise<void> {
  await tx
    .withTables<Tables>()
    .insertInto('conciergerie.client')
    .values({ organization_id: keys.organizationId, created_at: client.createdAt, ...toColumns(keys, client) })
    .execute()
}

/** Writes everything about a client but who it is. */
export async function updateClient(tx: Tx, keys: FieldKeys, client: Client): Promise<void> {
  await tx
    .withTables<Tables>()
    .updateTable('conciergerie.client')
    .set(toColumns(keys, client))
    .where('id', '=', client.id)
    .execute()
}

export async function loadClients(tx: Tx, keys: FieldKeys, ids: readonly string[]): Promise<Client[]> {
  const rows = await tx
    .withTables<Tables>()
    .selectFrom('conciergerie.client')
    .selectAll()
    .where('id', 'in', ids)
    .execute()
  return rows.map((row) => toClient(keys, row))
}

/** The client, held until the transaction ends, so that two changes at once both stay. */
export async function holdClient(tx: Tx, keys: FieldKeys, id: string): Promise<Client | null> {
  const row = await tx
    .withTables<Tables>()
    .selectFrom('conciergerie.client')
    .selectAll()
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
  return row ? toClient(keys, row) : null
}

/** True for a client of the organisation, who is kept until the transaction ends. */
export async function keepClient(tx: Tx, id: string): Promise<boolean> {
  const row = await tx
    .withTables<Tables>()
    .selectFrom('conciergerie.client')
    .select('id')
    .where('id', '=', id)
    .forKeyShare()
    .executeTakeFirst()
  return row !== undefined
}

/** Clients by name; searched in any part of the name and the numbers of companies, or by a whole address or phone number. */
export function listClients(
  { database, viewer, keys }: { database: Sql; viewer: Viewer; keys: FieldKeys },
  { page, search }: { page: PageRequest; search: Search | null },
): Promise<Page<Client>> {
  const clients: NamedRecords<Row, Client> = {
    table: 'conciergerie.client',
    prefix: 'cli',
    toNoun: (row) => toClient(keys, row),
  }
  const typed = search?.typed ?? null
  const { email_index: email, phone_index: phone } = clientIndexes(keys, { email: typed, phone: typed })
  const whole = email || phone ? sql<boolean>`(email_index = ${email} or phone_index = ${phone})` : undefined
  return listByName({ database, viewer }, clients, { page, search, whole })
}

function toColumns(keys: FieldKeys, client: Client) {
  const { id, name, email, phone, siren, vatNumber } = client
  return {
    ...sealRow(keys, clientTable, { id, name, email, phone, siren, vat_number: vatNumber }),
    ...clientIndexes(keys, client),
    sort_name: sortName(name),
    search: clientSearch(client),
  }
}

function toClient(keys: FieldKeys, row: Row): Client {
  const { email, phone } = readRow(keys, clientTable, row)
  return {
    id: row.id,
    name: row.name,
    email,
    phone,
    siren: row.siren,
    vatNumber: row.vat_number,
    createdAt: row.created_at,
  }
}
