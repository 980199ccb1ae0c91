import { z } from 'zod'
import { audit } from '@passerelle/platform/audit'
import { publish } from '@passerelle/platform/facts'
import { newId } from '@passerelle/platform/ids'
import {
  identifierLink,
  identifierLinks,
  isRecordId,
  optionalLine,
  requireKnownClient,
  requiredLine,
  writeRecord,
  type OperationalRecord,
  type RecordLink,
  type RecordLoader,
} from '@passerelle/platform/records'
import { InvalidInput, NotFound, parseInput, type Viewer } from '@passerelle/platform/schema'
import type { Sql, Tx } from '@passerelle/platform/sql'
import { momentAfter } from '@passerelle/platform/sql/moment'
import type { Platform } from '@passerelle/platform/subgraph'
import { insertEvent } from './shipment-event.store.ts'
import { graphConsumer, shipmentCreated, shipmentUpdated } from './shipment.facts.ts'
import { isAnnounced, shipmentStatuses, type ShipmentStatus } from './shipment-status.ts'
import { findShipmentByKey, holdShipment, insertShipment, loadShipments, updateDetails } from './shipment.store.ts'

/** Something on its way from one place to another, under a tracking number that is one in its organisation. */
export interface Shipment {
  id: string
  trackingNumber: string
  reference: string | null
  /** For whom it is: a client of the organisation, who reads it. */
  clientId: string | null
  status: ShipmentStatus
  /** When the movement of the status happened; null while only announced. */
  movedAt: Date | null
  createdAt: Date
  updatedAt: Date
}

const details = { reference: optionalLine('A reference', 120), clientId: z.string().nullish() }
const createInput = z.object({
  trackingNumber: requiredLine('A tracking number', 80),
  status: z.enum(shipmentStatuses).nullish(),
  ...details,
})
const updateInput = z.object({ id: z.string(), ...details })

/**
 * Registers a shipment, with its first event. InvalidInput for a tracking number that says nothing or that the organisation has already, and for a client
 * that nobody knows.
 */
export async function createShipment(
  platform: Platform,
  viewer: Viewer,
  input: z.input<typeof createInput>,
): Promise<Shipment> {
  const { trackingNumber, status, reference = null, clientId = null } = parseInput(createInput, input)
  const shipment = toNewShipment({ trackingNumber, status: status ?? 'PENDING', reference, clientId })
  const key = trackingKey(trackingNumber)
  if (key === null) throw new InvalidInput('A tracking number has letters or digits.', ['trackingNumber'])
  if (clientId !== null) await requireKnownClient(platform.readGraph, { viewer, clientId })
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
    if (clientId !== null) auditClient(tx, shipment)
    return { noun: shipment, fact: publish(tx, shipmentCreated(shipment)) }
  })
}

/**
 * Changes what people say of a shipment, and for whom it is; what is left out stays, null clears. NotFound for a shipment of nobody's or somebody else's,
 * InvalidInput for a client that nobody knows.
 */
export async function updateShipment(
  platform: Platform,
  viewer: Viewer,
  input: z.input<typeof updateInput>,
): Promise<Shipment> {
  const { id, reference, clientId } = parseInput(updateInput, input)
  if (!isRecordId('shp', id)) throw new NotFound()
  if (typeof clientId === 'string') await requireKnownClient(platform.readGraph, { viewer, clientId })
  return writeRecord(platform, { viewer, consumer: graphConsumer }, async (tx) => {
    const before = await holdShipment(tx, id)
    if (!before) throw new NotFound()
    const shipment = {
      ...before,
      ...(reference !== undefined && { reference }),
      ...(clientId !== undefined && { clientId }),
      updatedAt: momentAfter(before.updatedAt),
    }
    await updateDetails(tx, shipment, trackingKey(shipment.trackingNumber))
    if (shipment.clientId !== before.clientId) auditClient(tx, shipment)
    return { noun: shipment, fact: publish(tx, shipmentUpdated(id)) }
  })
}

/** Who reads a shipment is a matter of rights. */
function auditClient(tx: Tx, { id, clientId }: Shipment): void {
  audit(tx, { action: 'shipment.assigned', subject: { kind: 'Shipment', id }, detail: { clientId } })
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

function toNewShipment(typed: Pick<Shipment, 'trackingNumber' | 'status' | 'reference' | 'clientId'>): Shipment {
  const now = new Date()
  return { ...typed, id: newId('shp'), movedAt: isAnnounced(typed.status) ? null : now, createdAt: now, updatedAt: now }
}
