import { z } from 'zod'
import { publish } from '@passerelle/platform/facts'
import { newId } from '@passerelle/platform/ids'
import {
  isRecordId,
  optionalLine,
  requiredLine,
  writeRecord,
  type OperationalRecord,
} from '@passerelle/platform/records'
import { InvalidInput, NotFound, parseInput, type Viewer } from '@passerelle/platform/schema'
import type { Sql, Tx } from '@passerelle/platform/sql'
import type { Platform } from '@passerelle/platform/subgraph'
import { applyChanges } from '../changes.ts'
import { keepClient } from '../clients/client.store.ts'
import { toPropertyRecord } from './property.record.ts'
import { holdProperty, insertProperty, loadProperties, updateProperty as updateRow } from './property.store.ts'
import { graphConsumer, recordFacts } from '../record.facts.ts'

/** A flat, a house, a place that is looked after. */
export interface Property {
  id: string
  name: string
  address: string | null
  /** The town's number for short-term rentals, as typed; other registers' numbers are kept too and lead nowhere. */
  registrationNumber: string | null
  /** The client whose it is. */
  ownerId: string | null
  createdAt: Date
}

const details = {
  address: optionalLine('An address', 300),
  registrationNumber: optionalLine('A registration number', 60),
  ownerId: z.string().nullish(),
}
const nameLine = requiredLine('A name', 200)
const createInput = z.object({ name: nameLine, ...details })
const updateInput = z.object({ id: z.string(), name: nameLine.optional(), ...details })

/** Writes down a new property. InvalidInput when there is no client such as its owner. */
export async function createProperty(
  platform: Platform,
  viewer: Viewer,
  input: z.input<typeof createInput>,
): Promise<Property> {
  const { name, address = null, registrationNumber = null, ownerId = null } = parseInput(createInput, input)
  const property: Property = { id: newId('prp'), name, address, registrationNumber, ownerId, createdAt: new Date() }
  return writeRecord(platform, { viewer, consumer: graphConsumer }, async (tx) => {
    await requireOwner(tx, ownerId)
    await insertProperty(tx, viewer, property)
    return { noun: property, fact: publish(tx, { type: recordFacts.propertyCreated, payload: { id: property.id } }) }
  })
}

/** Changes what is given and leaves the rest; null clears. NotFound for a property of nobody's or somebody else's. */
export async function updateProperty(
  platform: Platform,
  viewer: Viewer,
  input: Partial<Record<keyof z.input<typeof updateInput>, unknown>>,
): Promise<Property> {
  const { id, ...given } = parseInput(updateInput, input)
  if (!isRecordId('prp', id)) throw new NotFound()
  return writeRecord(platform, { viewer, consumer: graphConsumer }, async (tx) => {
    await requireOwner(tx, given.ownerId)
    const before = await holdProperty(tx, id)
    if (!before) throw new NotFound()
    const property = applyChanges(before, given)
    await updateRow(tx, property)
    return { noun: property, fact: publish(tx, { type: recordFacts.propertyUpdated, payload: { id } }) }
  })
}

/** The client is kept until the transaction ends, so that nobody erases them in between. */
async function requireOwner(tx: Tx, ownerId: string | null | undefined): Promise<void> {
  if (typeof ownerId !== 'string') return
  if (!isRecordId('cli', ownerId) || !(await keepClient(tx, ownerId)))
    throw new InvalidInput('There is no client under this id.', ['ownerId'])
}

/** The property as the knowledge graph is told of it, read as the house itself. */
export async function loadPropertyRecord(
  sql: Sql,
  organizationId: string,
  id: string,
): Promise<OperationalRecord | null> {
  const [property] = await sql.withOrganization({ organizationId }, (tx) => loadProperties(tx, [id]))
  return property ? toPropertyRecord(property) : null
}
