import type { NewFact } from '@passerelle/platform/facts'
import { consumeRecords, type OperationalRecord } from '@passerelle/platform/records'
import { subscriptionOf, type Viewer } from '@passerelle/platform/schema'
import type { Platform } from '@passerelle/platform/subgraph'
import type { ShipmentStatus } from './shipment-status.ts'

/** The durable reader of the log that keeps the knowledge graph's shipments. */
export const graphConsumer = 'logistics.graph'

const created = 'shipment.created'
const eventRecorded = 'shipment.event_recorded'
const redacted = 'shipment.redacted'

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

/** Somebody was erased whom its number or reference named. */
export function shipmentRedacted(id: string): NewFact {
  return { type: redacted, payload: { id } }
}

/** Something about a shipment is different; `cursor` continues after it. */
export interface ShipmentChange {
  id: string
  cursor: string
}

/** Every change of every shipment of the viewer's organisation, after the cursor or from now on. */
export function watchShipments(
  { facts }: Platform,
  { viewer, after }: { viewer: Viewer; after: string | null | undefined },
): AsyncIterableIterator<ShipmentChange> {
  const source = facts.subscribe(viewer.organizationId, { types: [created, eventRecorded, redacted], after })
  return subscriptionOf(source, ({ payload, position }) => ({ id: String(payload['id']), cursor: position }))
}

/** Writes shipments, and what happens to them, to the knowledge graph from the log. */
export function consumeShipments(
  platform: Platform,
  load: (organizationId: string, id: string) => Promise<OperationalRecord | null>,
): void {
  consumeRecords(platform, graphConsumer, [{ kind: 'SHIPMENT', types: [created, eventRecorded, redacted], load }])
}
