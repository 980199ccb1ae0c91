import { sql, type Selectable } from 'kysely'
import { listByName, searchColumn, sortName, type NamedRecords, type Search } from '@passerelle/platform/records'
import type { Page, PageRequest, Viewer } from '@passerelle/platform/schema'
import type { Sql, Tx } from '@passerelle/platform/sql'
import { toPropertyRecord } from './property.record.ts'
import type { Property } from './property.ts'
import type { Tables } from '../tables.ts'

type Row = Selectable<Tables['conciergerie.property']>

const properties: NamedRecords<Row, Property> = { table: 'conciergerie.property', prefix: 'prp', toNoun: toProperty }

export async function insertProperty(tx: Tx, { organizationId }: Viewer, property: Property): Promise<void> {
  await tx
    .withTables<Tables>()
    .insertInto('conciergerie.property')
    .values({
      id: property.id,
      organization_id: organizationId,
      created_at: property.createdAt,
      ...toColumns(property),
    })
    .execute()
}

/** Writes everything about a property but who it is. */
export async function updateProperty(tx: Tx, property: Property): Promise<void> {
  await tx
    .withTables<Tables>()
    .updateTable('conciergerie.property')
    .set(toColumns(property))
    .where('id', '=', property.id)
    .execute()
}

export async function loadProperties(tx: Tx, ids: readonly string[]): Promise<Property[]> {
  const rows = await tx
    .withTables<Tables>()
    .selectFrom('conciergerie.property')
    .selectAll()
    .where('id', 'in', ids)
    .execute()
  return rows.map(toProperty)
}

/** The property, held until the transaction ends, so that two changes at once both stay. */
export async function holdProperty(tx: Tx, id: string): Promise<Property | null> {
  const row = await tx
    .withTables<Tables>()
    .selectFrom('conciergerie.property')
    .selectAll()
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
  return row ? toProperty(row) : null
}

/** Holds those of the properties that there are until the transaction ends, and says which. */
export async function holdProperties(tx: Tx, ids: readonly string[]): Promise<string[]> {
  const rows = await tx
    .withTables<Tables>()
    .selectFrom('conciergerie.property')
    .select('id')
    .where('id', 'in', ids)
    .orderBy('id')
    .forUpdate()
    .execute()
  return rows.map(({ id }) => id)
}

/** Properties by name; those of an owner when one is named. */
export function listProperties(
  database: Sql,
  viewer: Viewer,
  { page, search, ownerId }: { page: PageRequest; search: Search | null; ownerId?: string },
): Promise<Page<Property>> {
  const only = ownerId === undefined ? undefined : sql<boolean>`owner_id = ${ownerId}`
  return listByName({ database, viewer }, properties, { page, search, only })
}

function toColumns(property: Property) {
  const { name, address, registrationNumber, ownerId } = property
  const keys = toPropertyRecord(property).links.map(({ key }) => key)
  return {
    name,
    address,
    registration_number: registrationNumber,
    owner_id: ownerId,
    sort_name: sortName(name),
    search: searchColumn([name, address, registrationNumber, ...keys]),
  }
}

function toProperty(row: Row): Property {
  return {
    id: row.id,
    name: row.name,
    address: row.address,
    registrationNumber: row.registration_number,
    ownerId: row.owner_id,
    createdAt: row.created_at,
  }
}
