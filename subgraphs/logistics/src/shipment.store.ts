import { sql, type Selectable } from 'kysely'
import { searchColumn, searchCondition, type Search } from '@passerelle/platform/records'
import { cursorParts, type Page, type PageRequest, type Viewer } from '@passerelle/platform/schema'
import type { Sql, Tx } from '@passerelle/platform/sql'
import { listRows, type List } from '@passerelle/platform/sql/list'
import { z } from 'zod'
import type { ShipmentStatus } from './shipment-status.ts'
import type { Shipment } from './shipment.ts'
import type { Tables } from './tables.ts'

type Row = Selectable<Tables['logistics.shipment']>

/** Writes a new shipment; false when its tracking number is taken. */
export async function insertShipment(
  tx: Tx,
  { organizationId }: Viewer,
  { shipment, trackingKey }: { shipment: Shipment; trackingKey: string },
): Promise<boolean> {
  const row = await tx
    .withTables<Tables>()
    .insertInto('logistics.shipment')
    .values({
      id: shipment.id,
      organization_id: organizationId,
      tracking_number: shipment.trackingNumber,
      tracking_key: trackingKey,
      reference: shipment.reference,
      client_id: shipment.clientId,
      status: shipment.status,
      moved_at: shipment.movedAt,
      search: searchColumn([shipment.trackingNumber, trackingKey, shipment.reference]),
      created_at: shipment.createdAt,
      updated_at: shipment.updatedAt,
    })
    .onConflict((conflict) => conflict.columns(['organization_id', 'tracking_key']).doNothing())
    .returning('id')
    .executeTakeFirst()
  return row !== undefined
}

export async function loadShipments(tx: Tx, ids: readonly string[]): Promise<Shipment[]> {
  const rows = await tx
    .withTables<Tables>()
    .selectFrom('logistics.shipment')
    .selectAll()
    .where('id', 'in', ids)
    .execute()
  return rows.map(toShipment)
}

export async function findShipmentByKey(tx: Tx, trackingKey: string): Promise<Shipment | null> {
  const row = await tx
    .withTables<Tables>()
    .selectFrom('logistics.shipment')
    .selectAll()
    .where('tracking_key', '=', trackingKey)
    .executeTakeFirst()
  return row ? toShipment(row) : null
}

/** The shipment, held until the transaction ends: its events are recorded one after the other. */
export async function holdShipment(tx: Tx, id: string): Promise<Shipment | null> {
  const row = await tx
    .withTables<Tables>()
    .selectFrom('logistics.shipment')
    .selectAll()
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
  return row ? toShipment(row) : null
}

export async function updateStatus(tx: Tx, { id, status, movedAt, updatedAt }: Shipment): Promise<void> {
  await tx
    .withTables<Tables>()
    .updateTable('logistics.shipment')
    .set({ status, moved_at: movedAt, updated_at: updatedAt })
    .where('id', '=', id)
    .execute()
}

/** Writes what people say of a shipment. The number stays: it is what the shipment is known by. */
export async function updateDetails(
  tx: Tx,
  { id, trackingNumber, reference, clientId, updatedAt }: Shipment,
  trackingKey: string | null,
): Promise<void> {
  await tx
    .withTables<Tables>()
    .updateTable('logistics.shipment')
    .set({
      reference,
      client_id: clientId,
      search: searchColumn([trackingNumber, trackingKey, reference]),
      updated_at: updatedAt,
    })
    .where('id', '=', id)
    .execute()
}

/** Takes a client from all their shipments; answers which these were. */
export async function clearClient(tx: Tx, clientId: string): Promise<string[]> {
  const rows = await tx
    .withTables<Tables>()
    .updateTable('logistics.shipment')
    .set({ client_id: null, updated_at: sql<Date>`greatest(now(), updated_at + interval '1 millisecond')` })
    .where('client_id', '=', clientId)
    .returning('id')
    .execute()
  return rows.map(({ id }) => id)
}

export interface ShipmentFilter {
  search: Search | null
  statuses: readonly ShipmentStatus[] | null
  clientId: string | null
}

/** Shipments, the newest first. */
export function listShipments(
  database: Sql,
  viewer: Viewer,
  { page, filter }: { page: PageRequest; filter: ShipmentFilter },
): Promise<Page<Shipment>> {
  const { search, statuses, clientId } = filter
  const wanted = [sql<boolean>`true`]
  if (search) wanted.push(searchCondition('search', search))
  if (statuses) wanted.push(sql`status = any(${statuses})`)
  if (clientId !== null) wanted.push(sql`client_id = ${clientId}`)
  const list: List<Row, Shipment> = {
    from: sql.table('logistics.shipment'),
    where: sql.join(wanted, sql` and `),
    order: ['id'],
    descending: true,
    cursor: z.tuple([cursorParts.id('shp')]),
    toNode: toShipment,
  }
  return listRows({ database, viewer }, list, page)
}

function toShipment(row: Row): Shipment {
  return {
    id: row.id,
    trackingNumber: row.tracking_number,
    reference: row.reference,
    clientId: row.client_id,
    status: row.status,
    movedAt: row.moved_at,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }
}
