import { once } from 'node:events'
import { afterEach, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import type { SubgraphRequest } from '../engine/subgraph-request.ts'
import { openTown } from '../testing/open-town.ts'
import { openTownGateway, viewer, type TownGateway } from '../testing/open-town-gateway.ts'
import type { EntryOptions } from './entry.ts'

const closing: (() => unknown)[] = []

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

/** Of the town: what its clients follow. */
const client =
  'type Query { user(id: ID!): User } type Subscription { userChanged(id: ID!): User! } type User { id: ID! }'

async function opened(connections: EntryOptions['connections'], town = openTown()): Promise<TownGateway> {
  const gateway = await openTownGateway({ entry: { connections }, contractSdls: { client }, town })
  closing.push(() => gateway.gateway.drain())
  return gateway
}

interface Message {
  type: string
  id?: string
  payload?: { extensions?: { code: string } }[]
}

/** A client without manners. */
interface Raw {
  send(message: unknown): void
  messages: Message[]
  /** The close code. */
  closed: Promise<number>
  socket: WebSocket
}

function openRaw({ gateway }: TownGateway): Raw {
  const socket = new WebSocket(`${gateway.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws')
  closing.push(() => socket.terminate())
  const messages: Message[] = []
  socket.on('message', (data) => messages.push(JSON.parse(String(data)) as Message))
  socket.on('error', () => undefined)
  const closed = new Promise<number>((resolve) => socket.on('close', resolve))
  return {
    send: (message) => socket.send(typeof message === 'string' ? message : JSON.stringify(message)),
    messages,
    closed,
    socket,
  }
}

async function connected(town: TownGateway, authorization?: string): Promise<Raw> {
  const raw = openRaw(town)
  await once(raw.socket, 'open')
  raw.send({ type: 'connection_init', payload: { authorization } })
  await expect.poll(() => raw.messages.length > 0 || raw.socket.readyState > WebSocket.OPEN).toBe(true)
  return raw
}

const subscribe = (id: string, query = 'subscription { userChanged(id: "u2") { id } }') => ({
  type: 'subscribe',
  id,
  payload: { query },
})

const refusals = ({ messages }: Raw): unknown[] =>
  messages.filter(({ type }) => type === 'error').map(({ payload }) => payload?.[0]?.extensions?.code)

test('closes a connection that sends messages without measure', async () => {
  const town = await opened({ messages: 50 })
  const raw = await connected(town)
  for (let n = 0; n < 100; n++) raw.send({ type: 'ping' })
  expect(await raw.closed).toBe(1008)
})

test('closes a connection that sends a message of more than a megabyte, or one that is none', async () => {
  const town = await opened({})
  const large = await connected(town)
  large.send({ type: 'ping', payload: { a: 'x'.repeat(1_100_000) } })
  expect(await large.closed).toBe(1009)
  const broken = await connected(town)
  broken.send('{"type":"subscribe"')
  expect(await broken.closed).toBe(4400)
})

test('closes a connection that asks before it has said who it is, or says so twice', async () => {
  const town = await opened({})
  const early = openRaw(town)
  await once(early.socket, 'open')
  early.send(subscribe('1'))
  expect(await early.closed).toBe(4401)
  const twice = await connected(town)
  twice.send({ type: 'connection_init' })
  expect(await twice.closed).toBe(4429)
})

test('opens as many connections as an address may have, and further ones when others have gone', async () => {
  const town = await opened({ perAddress: 3 })
  const raws = await Promise.all([connected(town), connected(town), connected(town)])
  const refused = openRaw(town)
  const [, response] = (await once(refused.socket, 'unexpected-response')) as [
    unknown,
    { statusCode: number; headers: object },
  ]
  expect(response).toMatchObject({ statusCode: 429, headers: { 'retry-after': '30' } })
  raws[0]?.socket.close()
  await raws[0]?.closed
  await expect.poll(async () => (await connected(town)).messages[0]?.type).toBe('connection_ack')
})

test('tells a caller with too many connections to try again later, and leaves others alone', async () => {
  const town = await opened({ perViewer: 2 })
  town.tokens.set('other', { viewer: { ...viewer, sessionId: 'ses_2' }, expiresAt: null })
  await connected(town, 'Bearer good')
  await connected(town, 'Bearer good')
  expect(await (await connected(town, 'Bearer good')).closed).toBe(1013)
  expect((await connected(town, 'Bearer other')).messages[0]?.type).toBe('connection_ack')
})

test('keeps no more operations open for a caller than it may have on all of its connections', async () => {
  const town = await opened({ operations: 10, operationsPerViewer: 15 })
  const [first, second] = [await connected(town, 'Bearer good'), await connected(town, 'Bearer good')]
  for (let n = 0; n < 12; n++) first.send(subscribe(`${n}`))
  await expect.poll(() => refusals(first)).toEqual(['RATE_LIMITED', 'RATE_LIMITED'])
  for (let n = 0; n < 12; n++) second.send(subscribe(`${n}`))
  await expect.poll(() => refusals(second).length).toBe(7)
  await expect.poll(() => town.records.changes.listeners()).toBe(15)
  first.socket.terminate()
  await expect.poll(() => town.records.changes.listeners()).toBe(5)
  second.send(subscribe('again'))
  await expect.poll(() => town.records.changes.listeners()).toBe(6)
})

test('counts what clients of an organisation have open by the client, whichever of their links it came by, and others apart', async () => {
  const town = await opened({ perClient: 2, operationsPerClient: 3 })
  for (const [token, sessionId, clientId] of [
    ['first', 'clk_1', 'cli_1'],
    ['second', 'clk_2', 'cli_1'],
    ['other', 'clk_3', 'cli_2'],
  ] as const)
    town.tokens.set(token, { viewer: { ...viewer, userId: null, sessionId, clientId }, expiresAt: null })
  const [first, second] = [await connected(town, 'Bearer first'), await connected(town, 'Bearer second')]
  expect(await (await connected(town, 'Bearer second')).closed).toBe(1013)
  const other = await connected(town, 'Bearer other')
  expect(other.messages[0]?.type).toBe('connection_ack')
  for (const raw of [first, second]) for (let n = 0; n < 2; n++) raw.send(subscribe(`${n}`))
  await expect.poll(() => [...refusals(first), ...refusals(second)]).toEqual(['RATE_LIMITED'])
  other.send(subscribe('0'))
  await expect.poll(() => town.records.changes.listeners()).toBe(4)
})

/** A subgraph that never answers, and what it was asked. */
function openHanging() {
  const asked: SubgraphRequest[] = []
  const { promise } = Promise.withResolvers<never>()
  const people = (request: SubgraphRequest): Promise<never> => {
    asked.push(request)
    return promise
  }
  return { asked, town: openTown({ executors: { people } }) }
}

test('counts work that goes on under an id that its client uses again', async () => {
  const { asked, town } = openHanging()
  const gateway = await opened({ operations: 10 }, town)
  const raw = await connected(gateway)
  for (let n = 0; n < 10; n++) raw.send(subscribe(`${n}`, '{ viewer { id } }'))
  await expect.poll(() => asked.length).toBe(10)
  raw.send(subscribe('10', '{ viewer { id } }'))
  await expect.poll(() => refusals(raw)).toEqual(['RATE_LIMITED'])
  expect(asked).toHaveLength(10)
})

test('gives up the work of a query that its client wants no more', async () => {
  const { asked, town } = openHanging()
  const raw = await connected(await opened({ operations: 1 }, town))
  raw.send(subscribe('1', '{ viewer { id } }'))
  await expect.poll(() => asked.length).toBe(1)
  raw.send({ type: 'complete', id: '1' })
  await expect.poll(() => asked[0]?.signal.aborted).toBe(true)
  await expect
    .poll(() => {
      raw.send(subscribe(`${Math.random()}`, '{ viewer { id } }'))
      return asked.length
    })
    .toBeGreaterThan(1)
})
