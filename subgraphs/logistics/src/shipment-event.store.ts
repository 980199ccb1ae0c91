import DataLoader from 'dataloader'
import { sql, type Selectable } from 'kysely'
import { z } from 'zod'
import { newId } from '@passerelle/platform/ids'
import {
  cursorParts,
  pageOf,
  requireAfter,
  type Page,
  type PageRequest,
  type Viewer,
} from '@passerelle/platform/schema'
import { readRow, sealRow, type FieldKeys, type Sealing } from '@passerelle/platform/sealing'
import type { Sql, Tx } from '@passerelle/platform/sql'
import { shipmentEventTable } from './shipment-event.personal.ts'
import type { ShipmentEvent } from './shipment-event.ts'
import type { Tables } from './tables.ts'

type Row = Selectable<Tables['logistics.shipment_event']>

/** Adds an event, numbered after the last one; the caller holds the shipment. Answers its id. */
export async function insertEvent(
  tx: Tx,
  { keys, actor }: { keys: FieldKeys; actor: string | null },
  event: Pick<ShipmentEvent, 'shipmentId' | 'status' | 'note' | 'occurredAt'>,
): Promise<string> {
  const { id, note } = sealRow(keys, shipmentEventTable, { id: newId('sev'), note: event.note })
  await tx
    .withTables<Tables>()
    .insertInto('logistics.shipment_event')
    .values((query) => ({
      id,
      organization_id: keys.organizationId,
      shipment_id: event.shipmentId,
      number: query
        .selectFrom('logistics.shipment_event')
        .select(sql<number>`coalesce(max(number), 0) + 1`.as('number'))
        .where('shipment_id', '=', event.shipmentId),
      status: event.status,
      note,
      occurred_at: event.occurredAt,
      actor,
    }))
    .execute()
  return id
}

/** One page of a shipment's events, the earliest first. */
export type EventPages = (shipmentId: string, page: PageRequest) => Promise<Page<ShipmentEvent>>

/** Reads the timelines of all shipments of one answer together, page by page. */
export function createEventPages(
  { sql: database, sealing }: { sql: Sql; sealing: Sealing },
  viewer: Viewer | null,
): EventPages {
  const loaders = new Map<string, DataLoader<string, Page<ShipmentEvent>>>()
  const totals = new DataLoader<string, number>((ids) =>
    viewer ? countEvents(database, viewer, ids) : Promise.resolve(ids.map(() => 0)),
  )
  return (shipmentId, page) => {
    const key = JSON.stringify(page)
    const loader =
      loaders.get(key) ??
      new DataLoader(async (ids) => {
        const rows = viewer ? await loadEvents({ database, viewer, sealing }, { ids, page }) : []
        return ids.map((id) => {
          const own = rows.filter((row) => row.shipment_id === id)
          return pageOf(own, page, {
            key: (row) => [row.occurred_at.toISOString(), row.number],
            node: toEvent,
            total: () => totals.load(id),
          })
        })
      })
    loaders.set(key, loader)
    return loader.load(shipmentId)
  }
}

async function loadEvents(
  { database, viewer, sealing }: { database: Sql; viewer: Viewer; sealing: Sealing },
  { ids, page }: { ids: readonly string[]; page: PageRequest },
): Promise<Row[]> {
  const after = requireAfter(z.tuple([cursorParts.moment, cursorParts.count]), page)
  const rest = after ? sql`and (occurred_at, number) > (${after[0]}::timestamptz, ${after[1]}::int)` : sql``
  const keys = await sealing.keysOf(viewer.organizationId)
  return database.withOrganization(viewer, async (tx) => {
    const { rows } = await sql<Row>`
      select event.* from unnest(${ids}::text[]) as wanted (id) cross join lateral (
        select * from logistics.shipment_event where shipment_id = wanted.id ${rest}
        order by occurred_at, number limit ${page.first + 1}) as event
      order by event.occurred_at, event.number`.execute(tx)
    return rows.map((row) => readRow(keys, shipmentEventTable, row))
  })
}

function countEvents(database: Sql, viewer: Viewer, ids: readonly string[]): Promise<number[]> {
  return database.withOrganization(viewer, async (tx) => {
    const rows = await tx
      .withTables<Tables>()
      .selectFrom('logistics.shipment_event')
      .select((query) => ['shipment_id', query.fn.countAll<number>().as('count')])
      .where('shipment_id', 'in', ids)
      .groupBy('shipment_id')
      .execute()
    const counts = new Map(rows.map((row) => [row.shipment_id, row.count]))
    return ids.map((id) => counts.get(id) ?? 0)
  })
}

function toEvent(row: Row): ShipmentEvent {
  return {
    id: row.id,
    shipmentId: row.shipment_id,
    number: row.number,
    status: row.status,
    note: row.note,
    occurredAt: row.occurred_at,
    recordedAt: row.recorded_at,
    actor: row.actor,
  }
}
