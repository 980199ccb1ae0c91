import type { z } from 'zod'
import { publish } from '@passerelle/platform/facts'
import { newId } from '@passerelle/platform/ids'
import { isRecordId } from '@passerelle/platform/records'
import { InvalidInput, NotFound, parseInput, type Viewer } from '@passerelle/platform/schema'
import type { FieldKeys } from '@passerelle/platform/sealing'
import type { Tx } from '@passerelle/platform/sql'
import { momentAfter } from '@passerelle/platform/sql/moment'
import type { Platform } from '@passerelle/platform/subgraph'
import { BookingConflict } from './booking-conflict.ts'
import { bookingFact, bookingFacts } from './booking.facts.ts'
import {
  createInput,
  isActive,
  requireStay,
  updateInput,
  type BookingSource,
  type BookingStatus,
} from './booking.input.ts'
import { findOverlapping, holdBooking, insertBooking, updateBooking as updateRow } from './booking.store.ts'
import { applyChanges } from '../changes.ts'
import { keepClient } from '../clients/client.store.ts'
import { holdProperties } from '../properties/property.store.ts'

/** A stay in a property, or days on which it is closed. */
export interface Booking {
  id: string
  propertyId: string
  /** Days where the property is, as `2026-11-20`; the night before the departure is the last. */
  arrival: string
  departure: string
  /** How many come; null where nobody does. */
  guests: number | null
  status: BookingStatus
  source: BookingSource
  /** Who comes. Null where nobody does or it is not known who, and for an owner who is not the guest: like the reference and the note, it is no row of theirs. */
  clientId: string | null
  reference: string | null
  note: string | null
  createdAt: Date
  updatedAt: Date
}

/**
 * Writes down a booking. BookingConflict names the one that is there already on some of its days; InvalidInput says which property or client there is not,
 * or why the days are none.
 */
export async function createBooking(
  platform: Platform,
  viewer: Viewer,
  input: Partial<Record<keyof z.input<typeof createInput>, unknown>>,
): Promise<Booking> {
  const {
    status,
    source,
    clientId = null,
    guests = null,
    reference = null,
    note = null,
    ...stay
  } = parseInput(createInput, input)
  const now = new Date()
  const booking: Booking = {
    ...stay,
    id: newId('bkg'),
    guests: guests ?? (clientId === null ? null : 1),
    status: status ?? 'CONFIRMED',
    source: source ?? 'DIRECT',
    clientId,
    reference,
    note,
    createdAt: now,
    updatedAt: now,
  }
  requireStay(booking)
  const keys = await platform.sealing.keysOf(viewer.organizationId)
  return platform.sql.withOrganization(viewer, async (tx) => {
    await requireClient(tx, booking)
    await requireFree(tx, keys, { booking, from: booking.propertyId })
    await insertBooking(tx, keys, booking)
    publish(tx, bookingFact(bookingFacts.created, booking))
    return booking
  })
}

/**
 * Changes what is given and leaves the rest; null clears. A booking that was cancelled counts again when its status says so, if its days are still free.
 * NotFound for a booking of nobody's or somebody else's.
 */
export async function updateBooking(
  platform: Platform,
  viewer: Viewer,
  input: Partial<Record<keyof z.input<typeof updateInput>, unknown>>,
): Promise<Booking> {
  const { id, ...given } = parseInput(updateInput, input)
  return changeBooking(platform, viewer, { id, change: (before) => requireStay(applyChanges(before, given)) })
}

/** Gives the days of a booking free; one that is cancelled already stays as it is. */
export async function cancelBooking(platform: Platform, viewer: Viewer, id: string): Promise<Booking> {
  return changeBooking(platform, viewer, {
    id,
    change: (before) => (before.status === 'CANCELLED' ? before : { ...before, status: 'CANCELLED' }),
  })
}

async function changeBooking(
  { sql, sealing }: Platform,
  viewer: Viewer,
  { id, change }: { id: string; change: (before: Booking) => Booking },
): Promise<Booking> {
  if (!isRecordId('bkg', id)) throw new NotFound()
  const keys = await sealing.keysOf(viewer.organizationId)
  return sql.withOrganization(viewer, async (tx) => {
    const before = await holdBooking(tx, keys, id)
    if (!before) throw new NotFound()
    const changed = change(before)
    if (changed === before) return before
    const booking = { ...changed, updatedAt: momentAfter(before.updatedAt) }
    if (booking.clientId !== before.clientId) await requireClient(tx, booking)
    await requireFree(tx, keys, { booking, from: before.propertyId })
    await updateRow(tx, keys, booking)
    tell(tx, before, booking)
    return booking
  })
}

function tell(tx: Tx, before: Booking, booking: Booking): void {
  const isCancelled = booking.status === 'CANCELLED' && before.status !== 'CANCELLED'
  publish(tx, bookingFact(isCancelled ? bookingFacts.cancelled : bookingFacts.updated, booking))
}

/** The client is kept until the transaction ends, so that nobody erases them in between. */
async function requireClient(tx: Tx, { clientId }: Booking): Promise<void> {
  if (clientId !== null && !(await keepClient(tx, clientId)))
    throw new InvalidInput('There is no client under this id.', ['clientId'])
}

/** Bookings of one property are decided one after the other: it is held until the transaction ends. So is the one that a booking moves away from. */
async function requireFree(
  tx: Tx,
  keys: FieldKeys,
  { booking, from }: { booking: Booking; from: string },
): Promise<void> {
  const held = await holdProperties(tx, [...new Set([booking.propertyId, from])])
  if (!held.includes(booking.propertyId)) throw new InvalidInput('There is no property under this id.', ['propertyId'])
  const other = isActive(booking) ? await findOverlapping(tx, keys, booking) : null
  if (other) throw new BookingConflict(other)
}
