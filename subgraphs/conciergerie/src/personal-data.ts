import { publish } from '@passerelle/platform/facts'
import { nameKey } from '@passerelle/platform/identifiers'
import { createMatcher, type Holding, type PersonalData, type Subject } from '@passerelle/platform/privacy'
import { findInTexts, maskInTexts, type TextTable } from '@passerelle/platform/privacy/texts'
import { searchColumn, sortName } from '@passerelle/platform/records'
import { readRow, type FieldKeys } from '@passerelle/platform/sealing'
import { rowsOf, type Tx } from '@passerelle/platform/sql'
import { clientIndexes, clientTable } from './client.personal.ts'
import { recordFacts } from './record.facts.ts'

/** A place may be called after who lives there. */
const properties: TextTable = {
  name: 'conciergerie.property',
  row: 'id',
  texts: ['name', 'address', 'registration_number'],
  made: (masked) => ({
    sort_name: sortName(masked['name'] ?? ''),
    search: searchColumn(Object.values(masked)),
  }),
}

/** What conciergerie knows of people: clients, and whom places are called after. */
export const personalData: PersonalData = {
  async find({ sql, sealing }, { organizationId, subject }) {
    const keys = await sealing.keysOf(organizationId)
    return sql.withOrganization({ organizationId }, async (tx) => {
      const holdings: Holding[] = [
        { store: 'conciergerie.client', ids: (await findClients(tx, keys, subject)).map(({ id }) => id) },
        { store: 'conciergerie.property', ids: await findInTexts(tx, properties, createMatcher(subject)) },
      ]
      return holdings.filter(({ ids }) => ids.length > 0)
    })
  },

  async *export({ sql, sealing }, { organizationId, subject }) {
    const keys = await sealing.keysOf(organizationId)
    const clients = await sql.withOrganization({ organizationId }, (tx) => findClients(tx, keys, subject))
    const opened = clients.map((row) => readRow(keys, clientTable, row))
    if (opened.length > 0) yield { path: 'conciergerie/clients.json', content: JSON.stringify(opened, null, 2) }
  },

  async erase({ sql, sealing }, { organizationId, subject }) {
    const keys = await sealing.keysOf(organizationId)
    await sql.withOrganization({ organizationId }, async (tx) => {
      const ids = (await findClients(tx, keys, subject)).map(({ id }) => id)
      await rowsOf(tx, 'delete from conciergerie.client where id = any($1)', [ids])
      for (const id of ids) publish(tx, { type: recordFacts.clientErased, payload: { id } })
      for (const id of await maskInTexts(tx, properties, createMatcher(subject)))
        publish(tx, { type: recordFacts.propertyUpdated, payload: { id } })
    })
  },
}

interface ClientRow {
  id: string
  name: string
  email: string | null
  phone: string | null
  siren: string | null
  vat_number: string | null
  created_at: Date
}

/** By a whole address or number, or by the very name. */
async function findClients(tx: Tx, keys: FieldKeys, subject: Subject): Promise<ClientRow[]> {
  const indexes = [
    ...subject.emails.map((email) => clientIndexes(keys, { email, phone: null }).email_index),
    ...subject.phones.map((phone) => clientIndexes(keys, { email: null, phone }).phone_index),
  ]
  const names = new Set(subject.names.map(nameKey))
  const rows = await rowsOf<ClientRow>(
    tx,
    `select id, name, email, phone, siren, vat_number, created_at from conciergerie.client
     where email_index = any($1) or phone_index = any($1) or name ilike any($2) or lower(email) = any($3) order by id`,
    [indexes, createMatcher(subject).likePatterns, subject.emails],
  )
  const reached = new Set(indexes)
  return rows.filter((row) => {
    const { email, phone, name } = readRow(keys, clientTable, row)
    const { email_index: byEmail, phone_index: byPhone } = clientIndexes(keys, { email, phone })
    return reached.has(byEmail) || reached.has(byPhone) || names.has(nameKey(name))
  })
}
