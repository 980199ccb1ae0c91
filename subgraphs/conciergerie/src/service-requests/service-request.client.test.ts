import { expect, test } from 'vitest'
import type { Viewer } from '@passerelle/platform/schema'
import { rowsOf } from '@passerelle/platform/sql'
import { createTestClientViewer, createTestViewer, useSubgraph } from '@passerelle/platform/subgraph/testing'
import { conciergerie } from '../index.ts'
import { createRequestKit, type RequestAnswer } from './service-request.testing.ts'

const town = useSubgraph(conciergerie)
const { client, property, ask, update, move, cancel, say, read, titles, own } = createRequestKit(town)

/** The house, two of its clients, and the property of the first. */
async function openHouse() {
  const house = createTestViewer()
  const [anne, bob] = [await client(house, 'Anne'), await client(house, 'Bob')]
  const villa = await property(house, { name: 'Villa d’Anne', ownerId: anne })
  const { organizationId } = house
  const asClient = (clientId: string): Viewer => createTestClientViewer({ organizationId, clientId })
  return { house, villa, anne: asClient(anne), bob: asClient(bob) }
}

test('a client asks in their own name, by the portal, for a property that is theirs', async () => {
  const { house, villa, anne, bob } = await openHouse()
  const made = await ask(anne, { propertyId: villa, description: 'Pour samedi' })
  expect(made).toMatchObject({ __typename: 'ServiceRequest', status: 'NEW', property: { id: villa } })
  expect(await titles(house, { clientId: anne.clientId })).toEqual(['Ménage'])
  const { channel } = await update(house, { id: made.id })
  expect(channel).toBe('PORTAL')
  expect(await ask(bob, { propertyId: villa })).toMatchObject({ __typename: 'InvalidInput', path: ['propertyId'] })
})

test.each(['clientId', 'assigneeId'])('a client does not choose %s', async (name) => {
  const { anne, bob } = await openHouse()
  expect((await ask(anne, { [name]: bob.clientId })).__typename).toBe('NotAllowed')
})

test('a client reads what is theirs, how it goes and what is said to them, and no note of the house', async () => {
  const { house, anne } = await openHouse()
  const { id } = await ask(anne, {})
  await say(anne, id, 'Merci d’avance')
  await say(house, id, 'Avec plaisir')
  await move(house, id, 'ACCEPTED')
  const before = await read(anne, id)
  await say(house, id, 'Attention, pénible', { internal: true })
  expect(await read(anne, id)).toEqual(before)
  expect(before).toMatchObject({
    status: 'ACCEPTED',
    messages: { totalCount: 2, nodes: [{ author: 'HOUSE', text: 'Avec plaisir' }, { author: 'CLIENT' }] },
    events: {
      nodes: [
        { status: 'NEW', author: 'CLIENT' },
        { status: 'ACCEPTED', author: 'HOUSE' },
      ],
    },
  })
  expect((await say(anne, id, 'Note', { internal: true })).__typename).toBe('NotAllowed')
})

test('another client of the same organisation finds nothing of it and changes nothing', async () => {
  const { house, anne, bob } = await openHouse()
  const { id } = await ask(anne, {})
  await ask(bob, { title: 'Linge' })
  expect(await read(bob, id)).toBeNull()
  expect((await cancel(bob, id)).__typename).toBe('NotFound')
  expect((await say(bob, id, 'Bonjour')).__typename).toBe('NotFound')
  expect((await own(bob, bob.clientId ?? '')).data).toEqual({
    _entities: [{ serviceRequests: { totalCount: 1, nodes: [{ title: 'Linge', status: 'NEW' }] } }],
  })
  expect((await own(bob, anne.clientId ?? '')).data).toEqual({ _entities: [null] })
  expect(await read(house, id)).toMatchObject({ status: 'NEW', messages: { totalCount: 0 } })
  const elsewhere = createTestClientViewer({ clientId: anne.clientId ?? '' })
  expect(await read(elsewhere, id)).toBeNull()
})

test('in the database itself a client sees their own rows, and writes no others', async () => {
  const { house, anne, bob } = await openHouse()
  const { id } = await ask(anne, { description: 'Tout' })
  await say(house, id, 'Entre nous', { internal: true })
  await say(house, id, 'Bonjour')
  const count = (viewer: Viewer, table: string) =>
    town.platform.sql.withOrganization(viewer, async (tx) => {
      const [row] = await rowsOf<{ count: number }>(tx, `select count(*) as count from conciergerie.${table}`, [])
      return row?.count
    })
  const counts = async (viewer: Viewer) => [
    await count(viewer, 'service_request'),
    await count(viewer, 'service_request_event'),
    await count(viewer, 'service_request_message'),
  ]
  expect(await counts(house)).toEqual([1, 1, 2])
  expect(await counts(anne)).toEqual([1, 1, 1])
  expect(await counts(bob)).toEqual([0, 0, 0])
  const attempt = (viewer: Viewer, text: string) =>
    town.platform.sql.withOrganization(viewer, (tx) => rowsOf<{ id: string }>(tx, text, [id]))
  expect(
    await attempt(bob, `update conciergerie.service_request set status = 'DONE' where id = $1 returning id`),
  ).toEqual([])
  expect(await attempt(anne, 'delete from conciergerie.service_request where id = $1 returning id')).toEqual([])
  const insert = `insert into conciergerie.service_request_message (id, organization_id, request_id, author, internal, text, created_by)
    select 'rqm_x', '${house.organizationId}', $1,`
  for (const [viewer, values] of [
    [bob, `'CLIENT', false, 'x', 'x'`],
    [anne, `'HOUSE', false, 'x', 'x'`],
    [anne, `'CLIENT', true, 'x', 'x'`],
  ] as const)
    await expect(attempt(viewer, `${insert} ${values}`)).rejects.toThrow('row-level security')
})

test('a client calls off what is new or accepted, and not what is planned', async () => {
  const { house, anne } = await openHouse()
  const { id } = await ask(anne, {})
  await move(house, id, 'ACCEPTED')
  expect((await cancel(anne, id)).status).toBe('CANCELLED')
  expect((await cancel(anne, id)).status).toBe('CANCELLED')
  await move(house, id, 'SCHEDULED', '2026-12-01T09:00:00Z')
  expect(await cancel(anne, id)).toMatchObject({ __typename: 'InvalidInput', path: ['id'] })
})

test('what is for the house alone is refused to a client', async () => {
  const { anne } = await openHouse()
  const { id } = await ask(anne, {})
  expect((await update(anne, { id, title: 'Autre' })).__typename).toBe('NotAllowed')
  expect((await move(anne, id, 'DONE')).__typename).toBe('NotAllowed')
  const { errors } = await town.client.ask(anne, '{ serviceRequests { totalCount } }')
  expect(errors[0]?.extensions?.code).toBe('FORBIDDEN')
})

test('a client asks ten times an hour at most, and again later; the house is not counted', async () => {
  const { house, anne, bob } = await openHouse()
  const answers: RequestAnswer[] = []
  for (let index = 0; index < 10; index++) answers.push(await ask(anne, { requestKey: `try ${index}` }))
  expect(new Set(answers.map(({ __typename }) => __typename))).toEqual(new Set(['ServiceRequest']))
  const refused = await ask(anne, {})
  expect(refused).toMatchObject({ __typename: 'QuotaExceeded', limit: 10, used: 10 })
  expect(Date.parse(refused.resetsAt ?? '')).toBeGreaterThan(Date.now())
  expect((await ask(anne, { requestKey: 'try 3' })).id).toBe(answers[3]?.id)
  expect((await ask(bob, {})).__typename).toBe('ServiceRequest')
  expect((await ask(house, { clientId: anne.clientId })).__typename).toBe('ServiceRequest')
  await makeOlder(house)
  expect((await ask(anne, {})).__typename).toBe('ServiceRequest')
})

test('of a client at most fifty requests are open, however many ask at once', async () => {
  const { house, anne } = await openHouse()
  for (let hour = 0; hour < 5; hour++) {
    for (let index = 0; index < (hour < 4 ? 10 : 9); index++) await ask(anne, {})
    await makeOlder(house)
  }
  const answers = await Promise.all([ask(anne, {}), ask(anne, {}), ask(anne, {})])
  expect(answers.map(({ __typename }) => __typename).toSorted()).toEqual([
    'QuotaExceeded',
    'QuotaExceeded',
    'ServiceRequest',
  ])
  const done = answers.find(({ id }) => id)?.id ?? ''
  await move(house, done, 'DONE')
  expect((await ask(anne, {})).__typename).toBe('ServiceRequest')
})

test('a client writes thirty messages an hour at most, to whichever of their requests and however many at once', async () => {
  const { house, anne, bob } = await openHouse()
  const [{ id }, { id: other }] = [await ask(anne, {}), await ask(anne, {})]
  for (let index = 0; index < 29; index++) await say(anne, index % 2 ? id : other, `${index}`)
  const last = await Promise.all([say(anne, id, 'encore'), say(anne, other, 'encore')])
  expect(last.map(({ __typename }) => __typename).toSorted()).toEqual(['QuotaExceeded', 'ServiceRequestMessage'])
  expect(await say(anne, other, 'encore')).toMatchObject({ __typename: 'QuotaExceeded', limit: 30, used: 30 })
  expect((await say(house, id, 'Bonjour')).__typename).toBe('ServiceRequestMessage')
  expect((await say(bob, (await ask(bob, {})).id, 'Bonjour')).__typename).toBe('ServiceRequestMessage')
})

test('changes arrive live: all of them at the house, and at a client those of what is theirs, without the notes', async () => {
  const { house, anne, bob } = await openHouse()
  const follow = async (viewer: Viewer) =>
    town.client.subscribe<{ serviceRequestChanged: { id: string; serviceRequest: { status: string } | null } }>(
      viewer,
      'subscription ($after: String) { serviceRequestChanged(after: $after) { id serviceRequest { status } } }',
      { after: await town.client.now(viewer) },
    )
  const [staff, hers, his] = [await follow(house), await follow(anne), await follow(bob)]
  const { id } = await ask(anne, {})
  await say(house, id, 'Entre nous', { internal: true })
  await move(house, id, 'ACCEPTED')
  const { id: other } = await ask(bob, {})
  const heard = async (events: Awaited<ReturnType<typeof follow>>, times: number) => {
    const ids: string[] = []
    for (let index = 0; index < times; index++) ids.push((await events.next()).data.serviceRequestChanged.id)
    await events.end()
    return ids
  }
  expect(await heard(staff, 4)).toEqual([id, id, id, other])
  expect(await heard(his, 1)).toEqual([other])
  const [first, second] = [await hers.next(), await hers.next()]
  expect([first, second].map(({ data }) => data.serviceRequestChanged.id)).toEqual([id, id])
  expect(second.data.serviceRequestChanged.serviceRequest).toEqual({ status: 'ACCEPTED' })
  await say(house, id, 'Bonjour')
  expect((await hers.next()).data.serviceRequestChanged.id).toBe(id)
  await hers.end()
})

async function makeOlder({ organizationId }: Viewer): Promise<void> {
  await town.platform.database.asOwner(
    `update conciergerie.service_request set created_at = created_at - interval '1 hour' where organization_id = $1`,
    [organizationId],
  )
}
