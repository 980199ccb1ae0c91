import type { NewFact } from '@passerelle/platform/facts'
import { shownCursors } from '@passerelle/platform/facts/shown-cursors'
import { consumeRecords, type OperationalRecord } from '@passerelle/platform/records'
import { subscriptionOf, type Viewer } from '@passerelle/platform/schema'
import type { Platform } from '@passerelle/platform/subgraph'
import type { ShipmentStatus } from './shipment-status.ts'
import { loadShipments } from './shipment.store.ts'

/** The durable reader of the log that keeps the knowledge graph's shipments. */
export const graphConsumer = 'logistics.graph'

const created = 'shipment.created'
const eventRecorded = 'shipment.event_recorded'
const updated = 'shipment.updated'
const redacted = 'shipment.redacted'
const changes = [created, eventRecorded, updated, redacted]

export function shipmentCreated({ id, status }: { id: string; status: ShipmentStatus }): NewFact {
  return { type: created, payload: { id, status } }
}

export function shipmentEventRecorded({
  id,
  eventId,
  status,
}: {
  id: string
  eventId: string
  status: ShipmentStatus
}): NewFact {
  return { type: eventRecorded, payload: { id, eventId, status } }
}

/** Its reference or its client is another. */
export function shipmentUpdated(id: string): NewFact {
  return { type: updated, payload: { id } }
}

/** Somebody was erased whom its number or reference named. */
export function shipmentRedacted(id: string): NewFact {
  return { type: redacted, payload: { id } }
}

/** Something about a shipment is different; `cursor` continues after it. */
export interface ShipmentChange {
  id: string
  cursor: string
}

/**
 * Every change of every shipment of the viewer's organisation, after the cursor or from now on; a client hears of those that are theirs when it is told.
 */
export function watchShipments(
  { facts, sql, keys }: Platform,
  { viewer, after }: { viewer: Viewer; after: string | null | undefined },
): AsyncIterableIterator<ShipmentChange> {
  const cursors = shownCursors({ keys }, viewer)
  const source = facts.subscribe(viewer.organizationId, { types: changes, after: cursors.read(after) })
  const isTheirs = async (id: string): Promise<boolean> =>
    viewer.clientId === null || (await sql.withOrganization(viewer, (tx) => loadShipments(tx, [id]))).length > 0
  return subscriptionOf(source, async ({ payload, position }) => {
    const id = String(payload['id'])
    return (await isTheirs(id)) ? { id, cursor: cursors.show(position) } : null
  })
}

/** Writes shipments, and what happens to them, to the knowledge graph from the log. */
export function consumeShipments(
  platform: Platform,
  load: (organizationId: string, id: string) => Promise<OperationalRecord | null>,
): void {
  consumeRecords(platform, graphConsumer, [{ kind: 'SHIPMENT', types: changes, load }])
}
