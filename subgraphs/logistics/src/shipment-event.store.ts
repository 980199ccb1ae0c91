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
import type { Sql, Tx } from '@passerelle/platform/sql'
import type { ShipmentEvent } from './shipment-event.ts'
import type { Tables } from './tables.ts'

type Row = Selectable<Tables['logistics.shipment_event']>

/** Adds an event, numbered after the last one; the caller holds the shipment. Answers its id. */
export async function insertEvent(
  tx: Tx,
  { organizationId, userId }: Viewer,
  event: Pick<ShipmentEvent, 'shipmentId' | 'status' | 'note' | 'occurredAt'>,
): Promise<string> {
  const id = newId('sev')
  await tx
    .withTables<Tables>()
    .insertInto('logistics.shipment_event')
    .values((query) => ({
      id,
      organization_id: organizationId,
      shipment_id: event.shipmentId,
      number: query
        .selectFrom('logistics.shipment_event')
        .select(sql<number>`coalesce(max(number), 0) + 1`.as('number'))
        .where('shipment_id', '=', event.shipmentId),
      status: event.status,
      note: event.note,
      occurred_at: event.occurredAt,
      actor: userId,
    }))
    .execute()
  return id
}

/** One page of a shipment's events, the earliest first. */
export type EventPages = (shipmentId: string, page: PageRequest) => Promise<Page<ShipmentEvent>>

/** Reads the timelines of all shipments of one answer together, page by page. */
export function createEventPages(database: Sql, viewer: Viewer | null): EventPages {
  const loaders = new Map<string, DataLoader<string, Page<ShipmentEvent>>>()
  const totals = new DataLoader<string, number>((ids) =>
    viewer ? countEvents(database, viewer, ids) : Promise.resolve(ids.map(() => 0)),
  )
  return (shipmentId, page) => {
    const key = JSON.stringify(page)
    const loader =
      loaders.get(key) ??
      new DataLoader(async (ids) => {
        const rows = viewer ? await loadEvents(database, viewer, { ids, page }) : []
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

function loadEvents(
  database: Sql,
  viewer: Viewer,
  { ids, page }: { ids: readonly string[]; page: PageRequest },
): Promise<Row[]> {
  const after = requireAfter(z.tuple([cursorParts.moment, cursorParts.count]), page)
  const rest = after ? sql`and (occurred_at, number) > (${after[0]}::timestamptz, ${after[1]}::int)` : sql``
  return database.withOrganization(viewer, async (tx) => {
    const { rows } = await sql<Row>`
      select event.* from unnest(${ids}::text[]) as wanted (id) cross join lateral (
        select * from logistics.shipment_event where shipment_id = wanted.id ${rest}
        order by occurred_at, number limit ${page.first + 1}) as event
      order by event.occurred_at, event.number`.execute(tx)
    return rows
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
