import { publish } from '@passerelle/platform/facts'
import { createMatcher, type Holding, type Matcher, type PersonalData } from '@passerelle/platform/privacy'
import { findInTexts, maskInTexts, type TextTable } from '@passerelle/platform/privacy/texts'
import { searchColumn } from '@passerelle/platform/records'
import { readRow, sealRow, type FieldKeys } from '@passerelle/platform/sealing'
import { rowsOf, type Tx } from '@passerelle/platform/sql'
import { shipmentEventTable } from './shipment-event.personal.ts'
import { shipmentRedacted } from './shipment.facts.ts'

/** Senders call a shipment what they like. */
const shipments: TextTable = {
  name: 'logistics.shipment',
  row: 'id',
  texts: ['tracking_number', 'tracking_key', 'reference'],
  made: (masked) => ({ search: searchColumn(Object.values(masked)) }),
}

/** What logistics know of people: whom notes and references name. */
export const personalData: PersonalData = {
  async find({ sql, sealing }, { organizationId, subject }) {
    const keys = await sealing.keysOf(organizationId)
    const matcher = createMatcher(subject)
    return sql.withOrganization({ organizationId }, async (tx) => {
      const notes = await findNotes(tx, keys, matcher)
      const holdings: Holding[] = [
        { store: 'logistics.shipment', ids: await findInTexts(tx, shipments, matcher) },
        { store: 'logistics.shipment_event', ids: notes.map(({ id }) => id) },
      ]
      return holdings.filter(({ ids }) => ids.length > 0)
    })
  },

  async *export({ sql, sealing }, { organizationId, subject, clientIds }) {
    const keys = await sealing.keysOf(organizationId)
    const files = await sql.withOrganization({ organizationId }, async (tx) => ({
      'shipment-notes': await findNotes(tx, keys, createMatcher(subject)),
      shipments: await loadShipmentsOf(tx, clientIds),
    }))
    for (const [name, rows] of Object.entries(files))
      if (rows.length > 0) yield { path: `logistics/${name}.json`, content: JSON.stringify(rows, null, 2) }
  },

  async erase({ sql, sealing }, { organizationId, subject }) {
    const keys = await sealing.keysOf(organizationId)
    const matcher = createMatcher(subject)
    await sql.withOrganization({ organizationId }, async (tx) => {
      for (const { id, note } of await findNotes(tx, keys, matcher)) {
        const masked = sealRow(keys, shipmentEventTable, { id, note: matcher.mask(note) })
        await rowsOf(tx, 'update logistics.shipment_event set note = $2 where id = $1', [id, masked.note])
      }
      for (const id of await maskInTexts(tx, shipments, matcher)) publish(tx, shipmentRedacted(id))
    })
  },
}

/** What is or was on its way to clients. */
function loadShipmentsOf(tx: Tx, clientIds: readonly string[]): Promise<object[]> {
  return rowsOf(
    tx,
    `select id, client_id, tracking_number, reference, status, moved_at, created_at from logistics.shipment
     where client_id = any($1) order by id`,
    [clientIds],
  )
}

interface Note {
  id: string
  shipment_id: string
  note: string
  occurred_at: Date
}

const batch = 500

/** Notes are sealed one by one, so each of them is opened to look. */
async function findNotes(tx: Tx, keys: FieldKeys, matcher: Matcher): Promise<Note[]> {
  const found: Note[] = []
  if (matcher.isEmpty) return found
  for (let after = ''; ;) {
    const rows = await rowsOf<Note>(
      tx,
      `select id, shipment_id, note, occurred_at from logistics.shipment_event
       where note is not null and id > $1 order by id limit ${batch}`,
      [after],
    )
    found.push(...rows.map((row) => readRow(keys, shipmentEventTable, row)).filter(({ note }) => matcher.finds(note)))
    const last = rows.at(-1)
    if (!last || rows.length < batch) return found
    after = last.id
  }
}
