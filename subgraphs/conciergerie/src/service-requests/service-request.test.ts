import { expect, test } from 'vitest'
import { sealedPattern } from '@passerelle/platform/sealing'
import { createTestViewer, useSubgraph } from '@passerelle/platform/subgraph/testing'
import { conciergerie } from '../index.ts'
import { createRequestKit } from './service-request.testing.ts'

const town = useSubgraph(conciergerie)
const { client, property, ask, update, move, cancel, say, read, titles } = createRequestKit(town)

test('a request is kept as it was written down, new and in its turn', async () => {
  const viewer = createTestViewer()
  const [clientId, propertyId] = [await client(viewer, 'Zoé'), await property(viewer, { name: 'Villa' })]
  const input = {
    kind: 'MAINTENANCE',
    title: ' Fuite sous l’évier ',
    description: 'Deux lignes\nen tout',
    clientId,
    propertyId,
  }
  const made = await ask(viewer, { ...input, scheduledFor: '2026-12-01T09:00:00.000Z', channel: 'PHONE' })
  expect(made).toMatchObject({
    __typename: 'ServiceRequest',
    kind: 'MAINTENANCE',
    title: 'Fuite sous l’évier',
    description: 'Deux lignes\nen tout',
    urgency: 'NORMAL',
    status: 'NEW',
    scheduledFor: '2026-12-01T09:00:00.000Z',
    channel: 'PHONE',
    client: { id: clientId },
    property: { id: propertyId },
  })
  expect((await read(viewer, made.id))?.events.nodes).toEqual([{ status: 'NEW', author: 'HOUSE' }])
})

test.each([
  ['no title', { title: ' ' }, 'title'],
  ['a title of two lines', { title: 'a\nb' }, 'title'],
  ['a title that is too long', { title: 'a'.repeat(201) }, 'title'],
  ['a description with a control character', { description: 'a\u0007' }, 'description'],
  ['a description that is too long', { description: 'a'.repeat(4_001) }, 'description'],
  ['a moment of another age', { scheduledFor: '1926-01-01T00:00:00Z' }, 'scheduledFor'],
  ['a client that nobody has', { clientId: `cli_${'0'.repeat(32)}` }, 'clientId'],
  ['a property that nobody has', { propertyId: 'villa' }, 'propertyId'],
  ['an empty key', { requestKey: '' }, 'requestKey'],
])('a request with %s is refused and says where', async (_what, input, path) => {
  expect(await ask(createTestViewer(), input)).toMatchObject({ __typename: 'InvalidInput', path: [path] })
})

test('asked twice under one key, at once or later, there is one request; something else under it is refused', async () => {
  const viewer = createTestViewer()
  const input = { title: 'Draps', requestKey: 'try-1' }
  const [one, two] = await Promise.all([ask(viewer, input), ask(viewer, input)])
  expect([two.id, (await ask(viewer, input)).id]).toEqual([one.id, one.id])
  expect((await read(viewer, one.id))?.events.totalCount).toBe(1)
  expect(await ask(viewer, { ...input, title: 'Linge' })).toMatchObject({ path: ['requestKey'] })
  const colleague = createTestViewer({ organizationId: viewer.organizationId })
  expect((await ask(colleague, input)).id).not.toBe(one.id)
  expect(await titles(viewer)).toEqual(['Draps', 'Draps'])
})

test('a request goes through its steps, each with its line in the history, and each can be taken back', async () => {
  const viewer = createTestViewer()
  const { id } = await ask(viewer, {})
  expect(await move(viewer, id, 'SCHEDULED')).toMatchObject({ __typename: 'InvalidInput', path: ['scheduledFor'] })
  for (const status of ['ACCEPTED', 'NEW', 'ACCEPTED']) expect((await move(viewer, id, status)).status).toBe(status)
  const planned = await move(viewer, id, 'SCHEDULED', '2026-12-01T09:00:00.000Z')
  expect(planned).toMatchObject({ status: 'SCHEDULED', scheduledFor: '2026-12-01T09:00:00.000Z' })
  expect(await update(viewer, { id, scheduledFor: null })).toMatchObject({ path: ['scheduledFor'] })
  for (const status of ['IN_PROGRESS', 'DONE', 'DONE']) await move(viewer, id, status)
  expect(await move(viewer, id, 'DECLINED')).toMatchObject({ __typename: 'InvalidInput', path: ['status'] })
  expect((await move(viewer, id, 'IN_PROGRESS')).status).toBe('IN_PROGRESS')
  expect((await cancel(viewer, id)).status).toBe('CANCELLED')
  const { events } = (await read(viewer, id)) ?? {}
  expect(events?.nodes.map(({ status }) => status)).toEqual([
    'NEW',
    'ACCEPTED',
    'NEW',
    'ACCEPTED',
    'SCHEDULED',
    'IN_PROGRESS',
    'DONE',
    'IN_PROGRESS',
    'CANCELLED',
  ])
})

test('of two steps at once both are taken one after the other, or the second is told that it cannot follow', async () => {
  const viewer = createTestViewer()
  const { id } = await ask(viewer, {})
  const steps = await Promise.all([move(viewer, id, 'IN_PROGRESS'), move(viewer, id, 'DECLINED')])
  const history = (await read(viewer, id))?.events.nodes.map(({ status }) => status)
  const refused = steps.filter(({ __typename }) => __typename === 'InvalidInput')
  expect(refused).toHaveLength(1)
  expect(history).toEqual(['NEW', steps.find(({ status }) => status)?.status])
})

test('a change leaves what is not given, and clears what is null', async () => {
  const viewer = createTestViewer()
  const clientId = await client(viewer, 'Zoé')
  const { id } = await ask(viewer, { description: 'Tout', clientId })
  const changed = await update(viewer, { id, description: null, urgency: 'HIGH', assigneeId: viewer.userId })
  expect(changed).toMatchObject({ title: 'Ménage', description: null, urgency: 'HIGH', client: { id: clientId } })
  expect(await update(viewer, { id, clientId: null })).toMatchObject({ client: null })
  expect(await update(viewer, { id, title: null })).toMatchObject({ __typename: 'InvalidInput', path: ['title'] })
  expect(await titles(viewer, { assigneeId: viewer.userId })).toEqual(['Ménage'])
})

test('a conversation is kept, the newest first, and notes among it; what is said twice under one key is said once', async () => {
  const viewer = createTestViewer()
  const { id } = await ask(viewer, {})
  const first = await say(viewer, id, 'Bonjour\nà vous', { requestKey: 'm1' })
  expect((await say(viewer, id, 'Bonjour\nà vous', { requestKey: 'm1' })).id).toBe(first.id)
  expect(await say(viewer, id, 'Autre', { requestKey: 'm1' })).toMatchObject({ path: ['requestKey'] })
  await say(viewer, id, 'Entre nous', { internal: true })
  expect(await say(viewer, id, '  ')).toMatchObject({ __typename: 'InvalidInput', path: ['text'] })
  const { messages } = (await read(viewer, id)) ?? {}
  expect(messages?.nodes.map(({ text }) => text)).toEqual(['Entre nous', 'Bonjour\nà vous'])
})

test('conversations are read page by page, those of several requests together', async () => {
  const viewer = createTestViewer()
  for (const title of ['A', 'B']) {
    const { id } = await ask(viewer, { title })
    for (let index = 0; index < 3; index++) await say(viewer, id, `${title}${index}`)
  }
  type List = {
    serviceRequests: {
      nodes: { messages: { totalCount: number; nodes: { text: string }[]; pageInfo: { endCursor: string } } }[]
    }
  }
  const text =
    'query ($after: String) { serviceRequests { nodes { messages(first: 2, after: $after) { totalCount nodes { text } pageInfo { endCursor } } } } }'
  const page = await town.client.data<List>(viewer, text)
  expect(page.serviceRequests.nodes.map(({ messages }) => messages.nodes.map((node) => node.text))).toEqual([
    ['B2', 'B1'],
    ['A2', 'A1'],
  ])
  expect(page.serviceRequests.nodes.map(({ messages }) => messages.totalCount)).toEqual([3, 3])
  const after = page.serviceRequests.nodes[0]?.messages.pageInfo.endCursor
  const rest = await town.client.data<List>(viewer, text, { after })
  expect(rest.serviceRequests.nodes[0]?.messages.nodes).toEqual([{ text: 'B0' }])
})

test('the list is narrowed by what it is told, and searched in titles and the names of clients and properties', async () => {
  const viewer = createTestViewer()
  const clientId = await client(viewer, 'Éloïse Martin')
  const propertyId = await property(viewer, { name: 'Loft Noël' })
  const { id } = await ask(viewer, { title: 'Ménage', clientId })
  await ask(viewer, { title: 'Serviettes', kind: 'LINEN', propertyId })
  await move(viewer, id, 'DONE')
  expect(await titles(viewer)).toEqual(['Serviettes', 'Ménage'])
  expect(await titles(viewer, { statuses: ['DONE'] })).toEqual(['Ménage'])
  expect(await titles(viewer, { kinds: ['LINEN'] })).toEqual(['Serviettes'])
  expect(await titles(viewer, { clientId })).toEqual(['Ménage'])
  expect(await titles(viewer, { propertyId })).toEqual(['Serviettes'])
  for (const [search, title] of [
    ['serviette', 'Serviettes'],
    ['eloise', 'Ménage'],
    ['loft noel', 'Serviettes'],
  ])
    expect(await titles(viewer, { search })).toEqual([title])
  expect(await titles(viewer, { search: 'personne' })).toEqual([])
})

test('what is said at length is sealed in the rows', async () => {
  const viewer = createTestViewer()
  const { id } = await ask(viewer, { description: 'La voisine canari a la clé' })
  await say(viewer, id, 'Merci canari')
  const rows = await town.platform.database.asOwner<{ description: string; text: string; whole: string }>(
    `select description, text, request::text || message::text as whole from conciergerie.service_request as request
     join conciergerie.service_request_message as message on message.request_id = request.id where request.id = $1`,
    [id],
  )
  expect(rows).toHaveLength(1)
  expect(rows[0]?.description).toMatch(sealedPattern)
  expect(rows[0]?.text).toMatch(sealedPattern)
  expect(rows[0]?.whole).not.toContain('canari')
})

test('another organisation sees nothing and changes nothing', async () => {
  const [viewer, other] = [createTestViewer(), createTestViewer()]
  const clientId = await client(viewer, 'Zoé')
  const { id } = await ask(viewer, { clientId })
  await say(viewer, id, 'Bonjour')
  expect(await read(other, id)).toBeNull()
  expect(await titles(other)).toEqual([])
  expect(await titles(other, { clientId, search: 'ménage' })).toEqual([])
  expect(await ask(other, { clientId })).toMatchObject({ path: ['clientId'] })
  for (const answer of [
    await update(other, { id, title: 'À moi' }),
    await move(other, id, 'DONE'),
    await cancel(other, id),
    await say(other, id, 'Bonjour'),
  ])
    expect(answer.__typename).toBe('NotFound')
  expect(await read(viewer, id)).toMatchObject({ status: 'NEW', messages: { totalCount: 1 } })
})

test('who may only read is told so, and who has no token to log in', async () => {
  const reader = createTestViewer({ roles: ['ANALYST'] })
  for (const answer of [
    await ask(reader, {}),
    await update(reader, { id: 'req_0' }),
    await move(reader, 'req_0', 'DONE'),
    await cancel(reader, 'req_0'),
    await say(reader, 'req_0', 'Bonjour'),
  ])
    expect(answer.__typename).toBe('NotAllowed')
  const { errors } = await town.client.ask(null, '{ serviceRequests { totalCount } }')
  expect(errors[0]?.extensions?.code).toBe('UNAUTHENTICATED')
})
