import { setTimeout as after } from 'node:timers/promises'
import type { ExecutionResult } from 'graphql'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Client } from 'graphql-ws'
import { openTownGateway, viewer, type TownGateway } from '../testing/open-town-gateway.ts'

let town: TownGateway
const clients: Client[] = []

beforeEach(async () => {
  town = await openTownGateway()
})

afterEach(async () => {
  for (const client of clients.splice(0)) await client.dispose()
  await town.gateway.drain()
})

function connect(connectionParams?: Record<string, unknown>): Client {
  const client = town.connect(connectionParams)
  clients.push(client)
  return client
}

function follow(client: Client, query: string): { events: ExecutionResult[]; failure: Promise<unknown>; stop(): void } {
  const events: ExecutionResult[] = []
  const { promise: failure, resolve } = Promise.withResolvers<unknown>()
  const stop = client.subscribe(
    { query },
    { next: (event) => events.push(event as ExecutionResult), error: resolve, complete: () => resolve(null) },
  )
  return { events, failure, stop }
}

const closing = (client: Client) =>
  new Promise<number>((resolve) => client.on('closed', (event) => resolve((event as { code: number }).code)))

function changed(id: string) {
  const user = town.records.users.get(id)
  if (!user) throw new Error(`There is no ${id}.`)
  town.records.changes.publish(user)
}

test('sends every event with the fields of other subgraphs, read afresh', async () => {
  const { events } = follow(
    connect(),
    'subscription { userChanged(id: "u2") { name parcels { label } documents { total } } }',
  )
  await vi.waitUntil(() => town.records.changes.listeners() === 1)
  changed('u2')
  await vi.waitUntil(() => events.length === 1)
  town.records.parcels.get('p1')!.label = 'Parcel 1, repacked'
  changed('u2')
  await vi.waitUntil(() => events.length === 2)
  const labels = events.map(
    ({ data }) => (data as { userChanged: { parcels: { label: string }[] } }).userChanged.parcels[0]?.label,
  )
  expect(labels).toEqual(['Parcel 1', 'Parcel 1, repacked'])
})

test('keeps an error of one event out of the next', async () => {
  const { events } = follow(connect(), 'subscription { userChanged(id: "u3") { id temper } }')
  await vi.waitUntil(() => town.records.changes.listeners() === 1)
  changed('u3')
  changed('u2')
  await vi.waitUntil(() => events.length === 2)
  expect(events[0]).toMatchObject({ data: null, errors: [{ message: 'Not today.', path: ['userChanged', 'temper'] }] })
  expect(events[1]).toEqual({ data: { userChanged: { id: 'u2', temper: 'calm' } } })
})

test('frees the source when a subscriber leaves, and when the connection breaks', async () => {
  const client = connect()
  const { stop } = follow(client, 'subscription { userChanged(id: "u2") { id } }')
  follow(client, 'subscription { userChanged(id: "u2") { id } }')
  await vi.waitUntil(() => town.records.changes.listeners() === 2)
  stop()
  await vi.waitUntil(() => town.records.changes.listeners() === 1)
  client.terminate()
  await expect.poll(() => town.records.changes.listeners()).toBe(0)
})

test('ends a subscription whose source fails without telling why', async () => {
  const { failure } = follow(connect(), 'subscription { userChanged(id: "u2") { id } }')
  await vi.waitUntil(() => town.records.changes.listeners() === 1)
  await after(50)
  town.records.changes.break(new Error('connect ECONNREFUSED 10.0.0.7'))
  expect(JSON.stringify(await failure)).toContain('INTERNAL_SERVER_ERROR')
  expect(JSON.stringify(await failure)).not.toContain('10.0.0.7')
})

test('answers queries and refuses bad documents on the same connection', async () => {
  const client = connect({ authorization: 'Bearer good' })
  const good = follow(client, '{ viewer { id } }')
  expect(await good.failure).toBeNull()
  expect(good.events).toMatchObject([{ data: { viewer: { id: 'u1' } }, extensions: { cost: { requested: 2 } } }])
  expect(town.requests.at(-1)?.viewer).toEqual(viewer)
  expect(await follow(client, '{ nothing }').failure).toMatchObject([
    { extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } },
  ])
  expect(await follow(client, '{ users(first: 301) { id } }').failure).toMatchObject([
    { extensions: { code: 'BAD_USER_INPUT' } },
  ])
})

test('has a limit to the operations that one connection keeps open', async () => {
  const client = connect()
  const operations = Array.from({ length: 101 }, () => follow(client, 'subscription { userChanged(id: "u2") { id } }'))
  expect(await Promise.race(operations.map(({ failure }) => failure))).toMatchObject([
    { extensions: { code: 'RATE_LIMITED' } },
  ])
  await expect.poll(() => town.records.changes.listeners()).toBe(100)
})

test('closes with 4403 for a token that does not hold', async () => {
  expect(await closing(connect({ authorization: 'Bearer wrong' }))).toBe(4403)
})

test('closes with 4403 at once when access has ended, and leaves the connections whose token still holds', async () => {
  town.tokens.set('removed', { viewer, expiresAt: null })
  const removed = connect({ authorization: 'Bearer removed' })
  const stays = connect({ authorization: 'Bearer good' })
  const following = [removed, stays].map((client) => follow(client, 'subscription { userChanged(id: "u2") { id } }'))
  await vi.waitUntil(() => town.records.changes.listeners() === 2)
  const closed = closing(removed)
  town.tokens.delete('removed')
  town.endAccess('org_elsewhere')
  town.endAccess('org_1')
  expect(await closed).toBe(4403)
  await vi.waitUntil(() => town.records.changes.listeners() === 1)
  changed('u2')
  await vi.waitUntil(() => following[1]?.events.length === 1)
})

test('closes with 4403 when the token expires while the connection lives', async () => {
  town.tokens.set('short', { viewer, expiresAt: new Date(Date.now() + 300) })
  setTimeout(() => town.tokens.delete('short'), 200)
  const client = connect({ authorization: 'Bearer short' })
  expect(await closing(client)).toBe(4403)
})

test('goes on when the client sends a newer token in a ping', async () => {
  town.tokens.set('short', { viewer, expiresAt: new Date(Date.now() + 400) })
  setTimeout(() => town.tokens.delete('short'), 350)
  const client = connect({ authorization: 'Bearer short' })
  client.on('connected', (socket) =>
    (socket as WebSocket).send(JSON.stringify({ type: 'ping', payload: { authorization: 'Bearer good' } })),
  )
  const { events } = follow(client, 'subscription { userChanged(id: "u2") { id } }')
  await vi.waitUntil(() => town.records.changes.listeners() === 1)
  await after(600)
  changed('u2')
  await expect.poll(() => events).toEqual([{ data: { userChanged: { id: 'u2' } } }])
})

test('closes connections with 1001 when it drains', async () => {
  const client = connect()
  const closed = closing(client)
  await vi.waitUntil(() => town.gateway.url !== '')
  await new Promise((resolve) => client.on('connected', resolve))
  await town.gateway.drain()
  expect(await closed).toBe(1001)
})
