import { expect, test } from 'vitest'
import type { Viewer } from '@passerelle/platform/schema'
import { rowsOf } from '@passerelle/platform/sql'
import { createTestViewer, useSubgraph } from '@passerelle/platform/subgraph/testing'
import { createBookingKit } from './bookings/booking.testing.ts'
import { conciergerie } from './index.ts'
import { conciergerieRetention } from './retention.ts'
import { createRequestKit } from './service-requests/service-request.testing.ts'

const town = useSubgraph(conciergerie)
const { client, property, book, list } = createBookingKit(town)
const { ask, move, say, titles } = createRequestKit(town)

const inFuture = new Date('2200-01-01')

async function run({ organizationId }: Viewer, noun: string, before: Date): Promise<number[]> {
  const rule = conciergerieRetention.find((one) => one.noun === noun)
  if (!rule) throw new Error(`There is no rule of ${noun}.`)
  return town.platform.sql.withOrganization({ organizationId }, async (tx) => [
    await rule.count(tx, before),
    await rule.remove(tx, { before, most: 100 }),
  ])
}

const told = (viewer: Viewer, type: string) =>
  town.platform.database.asOwner('select payload from platform.fact where organization_id = $1 and type = $2', [
    viewer.organizationId,
    type,
  ])

test('stays that are over for longer than they are kept go with who came, in their organisation alone', async () => {
  const [viewer, other] = [createTestViewer(), createTestViewer()]
  const stay = async (of: Viewer, arrival: string, departure: string) =>
    book(of, {
      propertyId: await property(of, { name: 'Villa' }),
      clientId: await client(of, 'Zoé Canari'),
      arrival,
      departure,
    })
  const { id: past } = await stay(viewer, '2026-01-02', '2026-01-05')
  const { id: next } = await stay(viewer, '2026-01-05', '2026-01-09')
  await stay(other, '2026-01-02', '2026-01-05')
  expect(await run(viewer, 'conciergerie.booking', new Date('2026-01-06'))).toEqual([1, 1])
  expect((await list(viewer, {})).nodes.map(({ id }) => id)).toEqual([next])
  expect((await list(other, {})).totalCount).toBe(1)
  const guests = await town.platform.database.asOwner(
    'select booking_id from conciergerie.booking_guest where organization_id = $1',
    [viewer.organizationId],
  )
  expect(guests).toEqual([{ booking_id: next }])
  expect(await told(viewer, 'booking.removed')).toEqual([{ payload: expect.objectContaining({ id: past }) }])
})

test('requests that ended go with their history and what was said; those that wait stay, however old', async () => {
  const [viewer, other] = [createTestViewer(), createTestViewer()]
  const { id: done } = await ask(viewer, { title: 'Fait' })
  await say(viewer, done, 'Merci')
  await move(viewer, done, 'DECLINED')
  await ask(viewer, { title: 'En attente' })
  const { id: theirs } = await ask(other, { title: 'Ailleurs' })
  await move(other, theirs, 'DECLINED')
  expect(await run(viewer, 'conciergerie.service_request', new Date('2020-01-01'))).toEqual([0, 0])
  expect(await run(viewer, 'conciergerie.service_request', inFuture)).toEqual([1, 1])
  expect([await titles(viewer, {}), await titles(other, {})]).toEqual([['En attente'], ['Ailleurs']])
  for (const table of ['service_request_event', 'service_request_message']) {
    const rows = await town.platform.database.asOwner(`select id from conciergerie.${table} where request_id = $1`, [
      done,
    ])
    expect([table, rows]).toEqual([table, []])
  }
  expect(await told(viewer, 'service_request.removed')).toEqual([{ payload: { id: done, clientId: null } }])
})

test('no more goes at once than is asked for, whatever plan the database makes of it', async () => {
  const { organizationId } = createTestViewer()
  await town.platform.database.asOwner(
    `insert into conciergerie.service_request
       (id, organization_id, kind, title, urgency, status, channel, author, created_by, search, updated_at)
     select 'srq_' || $1 || number, $1, 'OTHER', 'Fait', 'NORMAL', 'DONE', 'APP', 'HOUSE', 'usr_1', '', now() - interval '90 days'
     from generate_series(1, 50) as number`,
    [organizationId],
  )
  const noun = conciergerieRetention.find((one) => one.noun === 'conciergerie.service_request')
  const removed = await town.platform.sql.withOrganization({ organizationId }, async (tx) => {
    for (const way of ['hashjoin', 'mergejoin', 'hashagg', 'sort', 'material'])
      await rowsOf(tx, `set local enable_${way} = off`, [])
    return noun?.remove(tx, { before: inFuture, most: 20 })
  })
  expect(removed).toBe(20)
})
