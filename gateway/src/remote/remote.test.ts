import { execute, parse, validate, type ExecutionResult } from 'graphql'
import { afterEach, expect, test, vi } from 'vitest'
import { openRemoteTown, type RemoteTown } from '../testing/open-remote-town.ts'
import { createRandom, writeQuery } from '../testing/random-query.ts'
import { viewer } from '../testing/open-town-gateway.ts'
import { openGateway } from '../gateway.ts'
import { openGraph } from '../graph.ts'
import { EngineUnavailable } from '@passerelle/platform/schema'
import { createLog } from '@passerelle/platform/log'
import { createClient, type Client } from 'graphql-ws'
import { WebSocket } from 'ws'

const closing: (() => Promise<unknown>)[] = []

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

async function open(options?: Parameters<typeof openRemoteTown>[0]): Promise<RemoteTown> {
  const town = await openRemoteTown(options)
  closing.push(town.close)
  return town
}

/** A gateway over subgraphs in other processes. */
async function openFront(town: RemoteTown) {
  const log = createLog({ name: 'remote-test', level: 'silent' })
  const people = town.remotes.people
  if (!people) throw new Error('The town has people.')
  const gateway = await openGateway({
    graph: openGraph({ supergraphSdl: town.supergraphSdl, executors: town.executors, log }),
    routes: (['GET', 'PUT'] as const).map((method) => ({ method, prefix: '/files', handle: people.forward })),
    verify: async () => null,
    webFolder: null,
    readiness: async () => ({ ready: await people.answers(), engines: {} }),
    log,
    host: '127.0.0.1',
    port: 0,
  })
  closing.push(() => gateway.drain())
  return gateway
}

const subscription = 'subscription { userChanged(id: "u2") { name parcels { label } } }'

test('answers random queries as one schema in one process does', async () => {
  const { engine, monolith, ask } = await open()
  const random = createRandom(42)
  let compared = 0
  for (let round = 0; round < 150; round++) {
    const without = new Set(['secret', 'forbidden', 'temper', 'sealed'])
    const query = writeQuery({ schema: engine.apiSchema, random, without })
    const document = parse(query)
    if (validate(monolith, document).length > 0) continue
    const variables = { yes: true, no: false }
    const expected = await execute({ schema: monolith, document, variableValues: variables })
    expect(JSON.stringify(await ask(query, variables)), query).toBe(JSON.stringify(expected))
    compared++
  }
  expect(compared).toBeGreaterThan(50)
})

test('tells a subgraph who asks and under which request id', async () => {
  const { engine, received } = await open()
  const signal = new AbortController().signal
  const document = parse('{ viewer { parcels { label } } }')
  await engine.execute({ document, viewer, requestId: 'req_7', signal })
  await engine.execute({ document, viewer: null, requestId: 'req_8', signal })
  expect(received.map((request) => [request.requestId, request.viewer])).toEqual([
    ['req_7', viewer],
    ['req_7', viewer],
    ['req_8', null],
    ['req_8', null],
  ])
})

test('gives nothing to who has no token of this installation', async () => {
  const { servers, tokens, received } = await open()
  const url = `${servers.people?.[0]?.url}/graphql`
  const body = JSON.stringify({ query: '{ viewer { id } }' })
  const ask = (headers: Record<string, string>) =>
    fetch(url, { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } })
  expect((await ask({})).status).toBe(401)
  expect((await ask({ 'x-passerelle-viewer': `${await tokens.sign(viewer)}x` })).status).toBe(401)
  expect(received).toEqual([])
  expect((await ask({ 'x-passerelle-viewer': await tokens.sign(viewer) })).status).toBe(200)
})

test('passes refusals on and hides everything else where it happened', async () => {
  const { ask, servers, tokens } = await open()
  const answer = await ask('{ viewer { forbidden secret } }')
  expect(answer.errors?.map(({ extensions }) => extensions.code).toSorted()).toEqual([
    'FORBIDDEN',
    'INTERNAL_SERVER_ERROR',
  ])
  const wire = await fetch(`${servers.people?.[0]?.url}/graphql`, {
    method: 'POST',
    body: JSON.stringify({ query: '{ viewer { secret } }' }),
    headers: { 'content-type': 'application/json', 'x-passerelle-viewer': await tokens.sign(null) },
  })
  expect(await wire.text()).not.toContain('hunter2')
})

test('asks another process when one has ended, and says which subgraph is away when none is left', async () => {
  const { ask, servers } = await open({ copies: 2 })
  await servers.people?.[0]?.drain(0)
  for (let round = 0; round < 4; round++)
    expect(await ask('{ viewer { id } }')).toEqual({ data: { viewer: { id: 'u1' } } })
  await servers.people?.[1]?.drain(0)
  const { data, errors } = await ask('{ viewer { id } parcels { id } }')
  expect(errors).toMatchObject([{ path: [], extensions: { code: 'ENGINE_UNAVAILABLE', engine: 'people' } }])
  expect(data).toMatchObject({ viewer: null, parcels: [{}, {}, {}] })
})

test('sends a mutation that a process has taken to no other', async () => {
  const { ask, servers, received } = await open({ copies: 2 })
  await Promise.all([1, 2, 3, 4].map((round) => ask(`mutation { rename(id: "u1", name: "n${round}") { __typename } }`)))
  expect(received.length).toBe(4)
  await servers.people?.[0]?.drain(0)
  for (let round = 0; round < 4; round++)
    expect(await ask('mutation { rename(id: "u1", name: "x") { __typename } }')).toMatchObject({ data: {} })
  expect(received.length).toBe(8)
})

test('lets what is under way finish before a process ends', async () => {
  const { promise: entered, resolve: enter } = Promise.withResolvers<void>()
  const { promise: released, resolve: release } = Promise.withResolvers<void>()
  const town = await open({
    routes: [
      {
        method: 'GET',
        prefix: '/files',
        async handle(_request, response) {
          enter()
          await released
          response.end('whole')
        },
      },
    ],
  })
  const gateway = await openFront(town)
  const answer = fetch(`${gateway.url}/files/a`).then((response) => response.text())
  await entered
  const drained = town.servers.people?.[0]?.drain()
  release()
  expect(await answer).toBe('whole')
  await drained
})

test('hands bytes on in both directions, with the headers that matter', async () => {
  const town = await open({
    copies: 2,
    routes: [
      {
        method: 'PUT',
        prefix: '/files',
        async handle(request, response, { url, requestId }) {
          let size = 0
          for await (const chunk of request) size += (chunk as Buffer).length
          response.end(JSON.stringify({ size, search: url.search, requestId, host: request.headers.host }))
        },
      },
      {
        method: 'GET',
        prefix: '/files',
        async handle(request, response) {
          response.writeHead(206, { 'content-range': `bytes 0-4/9`, 'content-type': 'text/plain' })
          response.end(String(request.headers.range).slice(0, 5))
        },
      },
    ],
  })
  const gateway = await openFront(town)
  await town.servers.people?.[0]?.drain(0)
  for (let round = 0; round < 3; round++) {
    const put = await fetch(`${gateway.url}/files/a?x=1`, { method: 'PUT', body: 'x'.repeat(3_000_000) })
    const { requestId, ...told } = (await put.json()) as Record<string, unknown>
    expect(told).toEqual({ size: 3_000_000, search: '?x=1', host: new URL(gateway.url).host })
    expect(requestId).toBe(put.headers.get('x-request-id'))
  }
  const get = await fetch(`${gateway.url}/files/a`, { headers: { range: 'bytes=0-4' } })
  expect([get.status, get.headers.get('content-range'), await get.text()]).toEqual([206, 'bytes 0-4/9', 'bytes'])
  await town.servers.people?.[1]?.drain(0)
  expect((await fetch(`${gateway.url}/files/a`)).status).toBe(503)
})

test('hands on what a process could not do, once, and does not take it for one that ends', async () => {
  let taken = 0
  const town = await open({
    copies: 2,
    routes: [
      {
        method: 'PUT',
        prefix: '/files',
        async handle(request) {
          for await (const chunk of request) taken += (chunk as Buffer).length
          throw new EngineUnavailable('blobs')
        },
      },
    ],
  })
  const gateway = await openFront(town)
  const answer = await fetch(`${gateway.url}/files/a`, { method: 'PUT', body: 'bytes' })
  expect(answer.status).toBe(503)
  expect(await answer.json()).toMatchObject({
    errors: [{ extensions: { code: 'ENGINE_UNAVAILABLE', engine: 'blobs' } }],
  })
  expect(taken).toBe(5)
})

function follow(client: Client) {
  const events: ExecutionResult[] = []
  const stop = client.subscribe(
    { query: subscription },
    { next: (event) => events.push(event as ExecutionResult), error: () => undefined, complete: () => undefined },
  )
  return { events, stop }
}

test('streams events, frees their source when the subscriber leaves, and reconnects him when a process ends', async () => {
  const town = await open({ copies: 2 })
  const gateway = await openFront(town)
  const closed: number[] = []
  const client = createClient({
    url: `${gateway.url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    retryWait: async () => undefined,
    on: { closed: (event) => closed.push((event as { code: number }).code) },
  })
  closing.push(async () => client.dispose())
  const change = () => town.records.changes.publish(town.records.users.get('u2') as never)
  const listening = (count: number) => vi.waitUntil(() => town.records.changes.listeners() === count)

  const { events, stop } = follow(client)
  await listening(1)
  change()
  await vi.waitUntil(() => events.length === 1)
  expect(events[0]).toEqual({ data: { userChanged: { name: 'User 2', parcels: expect.any(Array) } } })

  await town.servers.people?.[0]?.drain(0)
  await vi.waitUntil(() => closed.length === 1)
  expect(closed).toEqual([1012])
  await listening(1)
  change()
  await vi.waitUntil(() => events.length === 2)

  stop()
  await listening(0)
})
