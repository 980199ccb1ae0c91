import { publish } from '@passerelle/platform/facts'
import {
  createMatcher,
  type Holding,
  type Matcher,
  type PersonalData,
  type Subject,
} from '@passerelle/platform/privacy'
import { findInTexts, maskInTexts, type TextTable } from '@passerelle/platform/privacy/texts'
import { searchColumn, sortName } from '@passerelle/platform/records'
import { readRow, type FieldKeys } from '@passerelle/platform/sealing'
import { rowsOf, type Tx } from '@passerelle/platform/sql'
import { eraseFromBookings, findBookings } from './bookings/booking.personal-data.ts'
import { clientIndexes, clientTable } from './clients/client.personal.ts'
import { clientSearch } from './clients/client.record.ts'
import { recordFacts } from './record.facts.ts'
import { conciergerieRetention } from './retention.ts'
import {
  eraseRequests,
  findRequests,
  readRequests,
  type Sought,
} from './service-requests/service-request.personal-data.ts'

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

/** A company or a family may be called after one of its people, and is another client. */
const namesakes: TextTable = {
  name: 'conciergerie.client',
  row: 'id',
  texts: ['name', 'siren', 'vat_number'],
  made: ({ name, siren, vat_number: vatNumber }) => ({
    sort_name: sortName(name ?? ''),
    search: clientSearch({ name: name ?? '', siren: siren ?? null, vatNumber: vatNumber ?? null }),
  }),
}

/** What conciergerie knows of people: clients, where they stay and what is theirs, whom places are called after, and what is asked for and said. */
export const personalData: PersonalData = {
  retention: conciergerieRetention,

  async find({ sql, sealing }, { organizationId, subject }) {
    const keys = await sealing.keysOf(organizationId)
    return sql.withOrganization({ organizationId }, async (tx) => {
      const sought = await seek(tx, keys, subject)
      const holdings: Holding[] = [
        { store: 'conciergerie.client', ids: await findNamed(tx, sought) },
        { store: 'conciergerie.property', ids: await findProperties(tx, sought) },
        { store: 'conciergerie.booking', ids: (await findBookings(tx, keys, sought)).map(({ id }) => id) },
        ...(await findRequests(tx, keys, sought)),
      ]
      return holdings.filter(({ ids }) => ids.length > 0)
    })
  },

  async findClients({ sql, sealing }, { organizationId, subject }) {
    const keys = await sealing.keysOf(organizationId)
    return sql.withOrganization({ organizationId }, async (tx) => (await seek(tx, keys, subject)).clientIds)
  },

  async *export({ sql, sealing }, { organizationId, subject }) {
    const keys = await sealing.keysOf(organizationId)
    const files = await sql.withOrganization({ organizationId }, async (tx) => {
      const sought = await seek(tx, keys, subject)
      const clients = (await findClients(tx, keys, { subject, matcher: sought.matcher })).map((row) =>
        readRow(keys, clientTable, row),
      )
      const owned = await propertiesOf(tx, sought)
      return { clients, properties: owned, bookings: await findBookings(tx, keys, sought) }
    })
    for (const [name, rows] of Object.entries(files))
      if (rows.length > 0) yield { path: `conciergerie/${name}.json`, content: JSON.stringify(rows, null, 2) }
    const asked = await sql.withOrganization({ organizationId }, async (tx) =>
      readRequests(tx, keys, await seek(tx, keys, subject)),
    )
    if (asked.requests.length + asked.messages.length > 0)
      yield { path: 'conciergerie/service-requests.json', content: JSON.stringify(asked, null, 2) }
  },

  async erase({ sql, sealing }, { organizationId, subject }) {
    const keys = await sealing.keysOf(organizationId)
    await sql.withOrganization({ organizationId }, async (tx) => {
      const sought = await seek(tx, keys, subject)
      const ids = sought.clientIds
      // Held before what refers to them, as whoever books for them does.
      await rowsOf(tx, 'select id from conciergerie.client where id = any($1) order by id for update', [ids])
      await eraseFromBookings(tx, keys, sought)
      const changed = new Set((await propertiesOf(tx, sought)).map(({ id }) => id))
      await rowsOf(tx, 'update conciergerie.property set owner_id = null where owner_id = any($1)', [ids])
      await eraseRequests(tx, keys, sought)
      await rowsOf(tx, 'delete from conciergerie.client where id = any($1)', [ids])
      for (const id of ids) publish(tx, { type: recordFacts.clientErased, payload: { id } })
      for (const id of await maskInTexts(tx, namesakes, sought.matcher))
        publish(tx, { type: recordFacts.clientUpdated, payload: { id } })
      for (const id of await maskInTexts(tx, properties, sought.matcher)) changed.add(id)
      for (const id of changed) publish(tx, { type: recordFacts.propertyUpdated, payload: { id } })
    })
  },
}

async function seek(tx: Tx, keys: FieldKeys, subject: Subject): Promise<Sought> {
  const matcher = createMatcher(subject)
  const clients = await findClients(tx, keys, { subject, matcher })
  return { clientIds: clients.map(({ id }) => id), matcher }
}

/** The clients that they are, and those that are called after them. */
async function findNamed(tx: Tx, { clientIds, matcher }: Sought): Promise<string[]> {
  return [...new Set([...clientIds, ...(await findInTexts(tx, namesakes, matcher))])]
}

/** What is theirs, and what is called after them. */
async function findProperties(tx: Tx, sought: Sought): Promise<string[]> {
  const owned = (await propertiesOf(tx, sought)).map(({ id }) => id)
  return [...new Set([...owned, ...(await findInTexts(tx, properties, sought.matcher))])]
}

function propertiesOf(tx: Tx, { clientIds }: Sought): Promise<{ id: string; name: string; address: string | null }[]> {
  return rowsOf(tx, 'select id, name, address from conciergerie.property where owner_id = any($1) order by id', [
    clientIds,
  ])
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

/** By a whole address or number, or by the very name, whichever of its words stands first. */
async function findClients(
  tx: Tx,
  keys: FieldKeys,
  { subject, matcher }: { subject: Subject; matcher: Matcher },
): Promise<ClientRow[]> {
  const indexes = [
    ...subject.emails.map((email) => clientIndexes(keys, { email, phone: null }).email_index),
    ...subject.phones.map((phone) => clientIndexes(keys, { email: null, phone }).phone_index),
  ]
  const rows = await rowsOf<ClientRow>(
    tx,
    `select id, name, email, phone, siren, vat_number, created_at from conciergerie.client
     where email_index = any($1) or phone_index = any($1) or name ~ any($2) or lower(email) = any($3) order by id`,
    [indexes, matcher.loosePatterns, subject.emails],
  )
  const reached = new Set(indexes)
  return rows.filter((row) => {
    const { email, phone, name } = readRow(keys, clientTable, row)
    const { email_index: byEmail, phone_index: byPhone } = clientIndexes(keys, { email, phone })
    return reached.has(byEmail) || reached.has(byPhone) || matcher.isName(name)
  })
}
