import { z } from 'zod'
import { publish } from '@passerelle/platform/facts'
import { newId } from '@passerelle/platform/ids'
import {
  identifierLink,
  identifierLinks,
  optionalLine,
  requiredLine,
  writeRecord,
  type OperationalRecord,
  type RecordLink,
  type RecordLoader,
} from '@passerelle/platform/records'
import { InvalidInput, parseInput, type Viewer } from '@passerelle/platform/schema'
import type { Sql } from '@passerelle/platform/sql'
import type { Platform } from '@passerelle/platform/subgraph'
import { insertEvent } from './shipment-event.store.ts'
import { graphConsumer, shipmentCreated } from './shipment.facts.ts'
import { isAnnounced, shipmentStatuses, type ShipmentStatus } from './shipment-status.ts'
import { findShipmentByKey, insertShipment, loadShipments } from './shipment.store.ts'

/** Something on its way from one place to another, under a tracking number that is one in its organisation. */
export interface Shipment {
  id: string
  trackingNumber: string
  reference: string | null
  status: ShipmentStatus
  /** When the movement of the status happened; null while only announced. */
  movedAt: Date | null
  createdAt: Date
  updatedAt: Date
}

const createInput = z.object({
  trackingNumber: requiredLine('A tracking number', 80),
  status: z.enum(shipmentStatuses).nullish(),
  reference: optionalLine('A reference', 120),
})

/** Registers a shipment, with its first event. InvalidInput for a tracking number that says nothing or that the organisation has already. */
export async function createShipment(
  platform: Platform,
  viewer: Viewer,
  input: z.input<typeof createInput>,
): Promise<Shipment> {
  const { trackingNumber, status, reference } = parseInput(createInput, input)
  const shipment = toNewShipment({ trackingNumber, status: status ?? 'PENDING', reference: reference ?? null })
  const key = trackingKey(trackingNumber)
  if (key === null) throw new InvalidInput('A tracking number has letters or digits.', ['trackingNumber'])
  const keys = await platform.sealing.keysOf(viewer.organizationId)
  return writeRecord(platform, { viewer, consumer: graphConsumer }, async (tx) => {
    const inserted = await insertShipment(tx, viewer, { shipment, trackingKey: key })
    if (!inserted) throw new InvalidInput('There is a shipment with this tracking number already.', ['trackingNumber'])
    await insertEvent(
      tx,
      { keys, actor: viewer.userId },
      {
        shipmentId: shipment.id,
        status: shipment.status,
        note: null,
        occurredAt: shipment.createdAt,
      },
    )
    return { noun: shipment, fact: publish(tx, shipmentCreated(shipment)) }
  })
}

/** The shipment with this id, or with this tracking number; with both when both are given. InvalidInput without either. */
export async function findShipment(
  { platform, viewer, shipments }: { platform: Platform; viewer: Viewer | null; shipments: RecordLoader<Shipment> },
  { id, trackingNumber }: { id?: string | null | undefined; trackingNumber?: string | null | undefined },
): Promise<Shipment | null> {
  if (typeof id !== 'string' && typeof trackingNumber !== 'string')
    throw new InvalidInput('Give an id or a tracking number.', ['id'])
  if (typeof trackingNumber !== 'string') return typeof id === 'string' ? shipments.load(id) : null
  const key = trackingKey(trackingNumber.slice(0, 200))
  const found = key && viewer ? await platform.sql.withOrganization(viewer, (tx) => findShipmentByKey(tx, key)) : null
  return typeof id === 'string' && found?.id !== id ? null : found
}

/** The shipment as the knowledge graph is told of it, read as the house itself. */
export async function loadRecord(sql: Sql, organizationId: string, id: string): Promise<OperationalRecord | null> {
  const [shipment] = await sql.withOrganization({ organizationId }, (tx) => loadShipments(tx, [id]))
  return shipment ? toRecord(shipment) : null
}

/** What makes a tracking number one, however it is printed: its normalised form, or its letters and digits in capitals; null without any. */
export function trackingKey(trackingNumber: string): string | null {
  const plain = trackingNumber
    .normalize('NFKD')
    .toUpperCase()
    .replace(/[^\p{L}\p{N}]+/gu, '')
  return trackingLink(trackingNumber)?.key ?? (plain || null)
}

/** What leads to a shipment: its tracking number when it can be one, and the identifiers its reference holds. */
export function toRecord({ id, trackingNumber, reference }: Shipment): OperationalRecord {
  const tracking = trackingLink(trackingNumber)
  return {
    kind: 'SHIPMENT',
    id,
    name: trackingNumber,
    links: [...(tracking ? [tracking] : []), ...identifierLinks(reference)],
  }
}

function trackingLink(trackingNumber: string): RecordLink | null {
  return (
    identifierLink('SSCC', trackingNumber) ??
    identifierLink('CONTAINER', trackingNumber) ??
    identifierLink('TRACKING_NUMBER', trackingNumber)
  )
}

function toNewShipment(typed: Pick<Shipment, 'trackingNumber' | 'status' | 'reference'>): Shipment {
  const now = new Date()
  return { ...typed, id: newId('shp'), movedAt: isAnnounced(typed.status) ? null : now, createdAt: now, updatedAt: now }
}
