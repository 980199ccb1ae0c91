import { z } from 'zod'
import { publish } from '@passerelle/platform/facts'
import { newId } from '@passerelle/platform/ids'
import {
  isRecordId,
  optionalIdentifier,
  requiredLine,
  writeRecord,
  type OperationalRecord,
} from '@passerelle/platform/records'
import { NotFound, parseInput, type Viewer } from '@passerelle/platform/schema'
import type { Platform } from '@passerelle/platform/subgraph'
import { applyChanges } from '../changes.ts'
import { toClientRecord } from './client.record.ts'
import { holdClient, insertClient, loadClients, updateClient as updateRow } from './client.store.ts'
import { graphConsumer, recordFacts } from '../record.facts.ts'

/** Whom the organisation works for. Everything is kept as it was typed. */
export interface Client {
  id: string
  name: string
  email: string | null
  phone: string | null
  siren: string | null
  vatNumber: string | null
  createdAt: Date
}

const details = {
  email: optionalIdentifier('EMAIL', { what: 'An e-mail address', refusal: 'This is not an e-mail address.' }),
  phone: optionalIdentifier('PHONE', {
    what: 'A phone number',
    refusal: 'This is not a phone number; from abroad it needs its country code, such as +44.',
  }),
  siren: optionalIdentifier('SIREN', {
    what: 'A SIREN',
    refusal: 'This is not a SIREN: nine digits, the last of which checks the others.',
  }),
  vatNumber: optionalIdentifier('VAT', {
    what: 'A VAT number',
    refusal: 'This is not the VAT number of a country of the European Union, or its check digits are wrong.',
  }),
}
const nameLine = requiredLine('A name', 200)
const createInput = z.object({ name: nameLine, ...details })
const updateInput = z.object({ id: z.string(), name: nameLine.optional(), ...details })

/** Writes down a new client. InvalidInput says which number is not one. */
export async function createClient(
  platform: Platform,
  viewer: Viewer,
  input: z.input<typeof createInput>,
): Promise<Client> {
  const { name, email = null, phone = null, siren = null, vatNumber = null } = parseInput(createInput, input)
  const client: Client = { id: newId('cli'), name, email, phone, siren, vatNumber, createdAt: new Date() }
  const keys = await platform.sealing.keysOf(viewer.organizationId)
  return writeRecord(platform, { viewer, consumer: graphConsumer }, async (tx) => {
    await insertClient(tx, keys, client)
    return { noun: client, fact: publish(tx, { type: recordFacts.clientCreated, payload: { id: client.id } }) }
  })
}

/** Changes what is given and leaves the rest; null clears. NotFound for a client of nobody's or somebody else's. */
export async function updateClient(
  platform: Platform,
  viewer: Viewer,
  input: Partial<Record<keyof z.input<typeof updateInput>, unknown>>,
): Promise<Client> {
  const { id, ...given } = parseInput(updateInput, input)
  if (!isRecordId('cli', id)) throw new NotFound()
  const keys = await platform.sealing.keysOf(viewer.organizationId)
  return writeRecord(platform, { viewer, consumer: graphConsumer }, async (tx) => {
    const before = await holdClient(tx, keys, id)
    if (!before) throw new NotFound()
    const client = applyChanges(before, given)
    await updateRow(tx, keys, client)
    return { noun: client, fact: publish(tx, { type: recordFacts.clientUpdated, payload: { id } }) }
  })
}

/** The client as the knowledge graph is told of it, read as the house itself. */
export async function loadClientRecord(
  { sql, sealing }: Pick<Platform, 'sql' | 'sealing'>,
  organizationId: string,
  id: string,
): Promise<OperationalRecord | null> {
  const keys = await sealing.keysOf(organizationId)
  const [client] = await sql.withOrganization({ organizationId }, (tx) => loadClients(tx, keys, [id]))
  return client ? toClientRecord(client) : null
}
