import { expect, test } from 'vitest'
import { createSubject, subjectInput } from '@passerelle/platform/privacy'
import type { Viewer } from '@passerelle/platform/schema'
import { createTestViewer, useSubgraph } from '@passerelle/platform/subgraph/testing'
import { createBookingKit } from './booking.testing.ts'
import { conciergerie } from '../index.ts'
import { personalData } from '../personal-data.ts'

const town = useSubgraph(conciergerie)
const { client, property, book } = createBookingKit(town)

function requestOf({ organizationId }: Viewer) {
  const subject = createSubject(organizationId, subjectInput.parse({ names: ['Zoé Canari'] }))
  return { organizationId, subject, signal: new AbortController().signal, choice: 'REDACT_MENTIONS' as const }
}

async function season(viewer: Viewer = createTestViewer()) {
  const zoe = await client(viewer, 'Zoé Canari')
  const paul = await client(viewer, 'Paul Petit')
  const villa = await property(viewer, { name: 'Villa Les Pins', ownerId: zoe })
  const stay = { propertyId: villa, reference: 'HM4F5', note: 'Lit bébé' }
  const own = await book(viewer, { ...stay, clientId: zoe, arrival: '2026-12-20', departure: '2026-12-27' })
  const named = { ...stay, clientId: paul, note: 'La clé est chez Zoé Canari.' }
  const other = await book(viewer, { ...named, arrival: '2026-12-27', departure: '2026-12-30' })
  const silent = await book(viewer, { ...stay, clientId: paul, arrival: '2026-12-30', departure: '2026-12-31' })
  return { viewer, zoe, villa, own: own.id, other: other.id, silent: silent.id }
}

async function exported(viewer: Viewer): Promise<Map<string, unknown>> {
  const files = new Map<string, unknown>()
  const clientIds = (await personalData.findClients?.(town.platform, requestOf(viewer))) ?? []
  expect(clientIds).toHaveLength(1)
  for await (const { path, content } of personalData.export(town.platform, { ...requestOf(viewer), clientIds }))
    files.set(path, JSON.parse(String(content)))
  return files
}

async function shown(viewer: Viewer, id: string): Promise<unknown> {
  const text =
    'query ($id: ID!) { booking(id: $id) { arrival client { name } reference note property { owner { id } } } }'
  return (await town.client.data<{ booking: unknown }>(viewer, text, { id })).booking
}

test('who asks what is known of them is told of their stays, their properties and the notes that name them', async () => {
  const { viewer, zoe, villa, own, other } = await season()
  await season()
  const held = await personalData.find(town.platform, requestOf(viewer))
  expect(Object.fromEntries(held.map(({ store, ids }) => [store, ids]))).toEqual({
    'conciergerie.client': [zoe],
    'conciergerie.property': [villa],
    'conciergerie.booking': [own, other],
  })
  const files = await exported(viewer)
  expect(files.get('conciergerie/properties.json')).toEqual([{ id: villa, name: 'Villa Les Pins', address: null }])
  expect(files.get('conciergerie/bookings.json')).toMatchObject([
    { id: own, property: 'Villa Les Pins', arrival: '2026-12-20', reference: 'HM4F5', note: 'Lit bébé' },
    { id: other, note: 'La clé est chez Zoé Canari.' },
  ])
})

test('an erasure leaves the days of a stay and nothing of who came, and covers the person in the notes of others', async () => {
  const { viewer, own, other, silent } = await season()
  const { viewer: elsewhere, own: theirs } = await season()
  for (let time = 0; time < 2; time++) await personalData.erase(town.platform, requestOf(viewer))
  const property = { owner: null }
  expect(await shown(viewer, own)).toEqual({
    arrival: '2026-12-20',
    client: null,
    reference: null,
    note: null,
    property,
  })
  expect(await shown(viewer, other)).toMatchObject({
    client: { name: 'Paul Petit' },
    note: 'La clé est chez ███ ██████.',
  })
  expect(await shown(viewer, silent)).toMatchObject({
    client: { name: 'Paul Petit' },
    note: 'Lit bébé',
    reference: 'HM4F5',
  })
  expect(await personalData.find(town.platform, requestOf(viewer))).toEqual([])
  expect(await shown(elsewhere, theirs)).toMatchObject({ client: { name: 'Zoé Canari' }, note: 'Lit bébé' })
})

test('whoever follows bookings hears that one of them lost its guest', async () => {
  const { viewer, own, other } = await season()
  const events = await town.client.subscribe<{ bookingChanged: { id: string; booking: { note: string | null } } }>(
    viewer,
    'subscription ($after: String) { bookingChanged(after: $after) { id booking { note } } }',
    { after: await town.client.now(viewer) },
  )
  await personalData.erase(town.platform, requestOf(viewer))
  expect((await events.next()).data.bookingChanged).toEqual({ id: own, booking: { note: null } })
  expect((await events.next()).data.bookingChanged.id).toBe(other)
  await events.end()
})
