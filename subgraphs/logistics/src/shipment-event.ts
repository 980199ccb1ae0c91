import { z } from 'zod'
import { publish } from '@passerelle/platform/facts'
import { isRecordId, optionalLine } from '@passerelle/platform/records'
import { InvalidInput, NotFound, parseInput, type Viewer } from '@passerelle/platform/schema'
import { momentAfter } from '@passerelle/platform/sql/moment'
import type { Platform } from '@passerelle/platform/subgraph'
import { insertEvent } from './shipment-event.store.ts'
import { isAnnounced, isOver, mayFollow, shipmentStatuses, type ShipmentStatus } from './shipment-status.ts'
import { shipmentEventRecorded } from './shipment.facts.ts'
import { holdShipment, updateStatus } from './shipment.store.ts'
import type { Shipment } from './shipment.ts'

/** One line of a shipment's timeline. */
export interface ShipmentEvent {
  id: string
  shipmentId: string
  /** The order of recording within the shipment. */
  number: number
  status: ShipmentStatus
  note: string | null
  occurredAt: Date
  recordedAt: Date
  actor: string | null
}

const oldest = new Date('2000-01-01T00:00:00Z')
/** Hand-held scanners have clocks of their own. */
const toleratedMs = 5 * 60_000

const recordInput = z.object({
  shipmentId: z.string(),
  status: z.enum(shipmentStatuses),
  note: optionalLine('A note', 500),
  occurredAt: z.date().nullish(),
})

/**
 * Adds an event to a shipment's timeline. The newest by `occurredAt` says the status, and must be one that may follow; an event that is told late
 * takes its place in the timeline and changes nothing else. While a shipment is only announced, any movement is the newest.
 */
export async function recordShipmentEvent(
  { sql, sealing }: Platform,
  viewer: Viewer,
  input: z.input<typeof recordInput>,
): Promise<Shipment> {
  const { shipmentId, status, note, occurredAt: told } = parseInput(recordInput, input)
  if (!isRecordId('shp', shipmentId)) throw new NotFound()
  const now = new Date()
  const occurredAt = told ?? now
  if (occurredAt < oldest || occurredAt.getTime() > now.getTime() + toleratedMs) {
    throw new InvalidInput('An event happened between the year 2000 and now.', ['occurredAt'])
  }
  const keys = await sealing.keysOf(viewer.organizationId)
  return sql.withOrganization(viewer, async (tx) => {
    const before = await holdShipment(tx, shipmentId)
    if (!before) throw new NotFound()
    const shipment = { ...afterEvent(before, { status, occurredAt }), updatedAt: momentAfter(before.updatedAt) }
    const event = { shipmentId, status, note: note ?? null, occurredAt }
    const eventId = await insertEvent(tx, { keys, actor: viewer.userId }, event)
    await updateStatus(tx, shipment)
    publish(tx, shipmentEventRecorded({ id: shipmentId, eventId, status: shipment.status }))
    return shipment
  })
}

function afterEvent(shipment: Shipment, event: { status: ShipmentStatus; occurredAt: Date }): Shipment {
  const late = shipment.movedAt !== null && event.occurredAt < shipment.movedAt
  if (late) return shipment
  if (!mayFollow(shipment.status, event.status))
    throw new InvalidInput(refusal(shipment.status, event.status), ['status'])
  return { ...shipment, status: event.status, movedAt: isAnnounced(event.status) ? null : event.occurredAt }
}

function refusal(current: ShipmentStatus, next: ShipmentStatus): string {
  return isOver(current) ? `A shipment that is ${current} takes no later event.` : `${next} cannot follow ${current}.`
}
