import { once } from 'node:events'
import { connect } from 'node:net'
import { parse, type ExecutionResult } from 'graphql'
import { afterEach, expect, test, vi } from 'vitest'
import { openViewerTokens } from '@passerelle/platform/identity/viewers'
import { createLog } from '@passerelle/platform/log'
import type { Route } from '@passerelle/platform/subgraph'
import type { SubgraphRequest } from '../engine/subgraph-request.ts'
import { openGateway } from '../gateway.ts'
import { openGraph } from '../graph.ts'
import { openRemoteTown } from '../testing/open-remote-town.ts'
import { openRemoteSubgraph } from './remote-subgraph.ts'
import { openSubgraphServer } from './subgraph-server.ts'

const closing: (() => Promise<unknown>)[] = []

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

const log = createLog({ name: 'lanes-test', level: 'silent' })

const operation = (
  kind: SubgraphRequest['kind'],
  query: string,
  signal = new AbortController().signal,
): SubgraphRequest => ({
  subgraph: 'people',
  kind,
  query,
  document: parse(query),
  operationName: undefined,
  variables: {},
  viewer: null,
  requestId: 'req_1',
  signal,
})

/** A town whose people have a file that begins and goes no further, behind a gateway. */
async function openFiles() {
  let begun = 0
  const files: Route = {
    method: 'GET',
    prefix: '/files',
    async handle(_request, response) {
      begun++
      response.writeHead(200, { 'content-length': '10000000' })
      response.write(Buffer.alloc(100_000))
      await once(response, 'close')
    },
  }
  const town = await openRemoteTown({ routes: [files] })
  closing.push(town.close)
  const people = town.remotes.people as NonNullable<typeof town.remotes.people>
  const gateway = await openGateway({
    graph: openGraph({ supergraphSdl: town.supergraphSdl, executors: town.executors, log }),
    routes: [{ method: 'GET', prefix: '/files', handle: people.forward }],
    verify: async () => null,
    webFolder: null,
    readiness: async () => ({ ready: true, engines: {} }),
    log,
    host: '127.0.0.1',
    port: 0,
  })
  closing.push(() => gateway.drain(0))
  return { town, people, gateway, begun: () => begun }
}

/** Asks for a file and reads nothing of it. */
async function askForFile(url: URL): Promise<void> {
  const socket = connect(Number(url.port), url.hostname)
  closing.push(async () => socket.destroy())
  await once(socket, 'connect')
  socket.pause()
  socket.write(`GET ${url.pathname} HTTP/1.1\r\nhost: ${url.host}\r\n\r\n`)
}

test('answers queries and mutations, and says that it is ready, while hundreds follow changes and hundreds do not read their file', async () => {
  const { town, people, gateway, begun } = await openFiles()
  const follow = async () =>
    people.executor(operation('subscription', 'subscription { userChanged(id: "u2") { name } }'))
  const streams = await Promise.all(Array.from({ length: 200 }, follow))
  await vi.waitUntil(() => town.records.changes.listeners() === 200, 20_000)
  await Promise.all(Array.from({ length: 200 }, () => askForFile(new URL('/files/a', gateway.url))))
  await vi.waitUntil(() => begun() === 200, 20_000)

  expect(await town.ask('{ viewer { id } }')).toEqual({ data: { viewer: { id: 'u1' } } })
  const renamed = await town.ask('mutation { rename(id: "u1", name: "Ada") { ... on User { name } } }')
  expect(renamed).toEqual({ data: { rename: { name: 'Ada' } } })
  expect(await people.answers()).toBe(true)

  town.records.changes.publish(town.records.users.get('u2') as never)
  for (const stream of streams as AsyncIterableIterator<ExecutionResult>[]) {
    expect((await stream.next()).value).toEqual({ data: { userChanged: { name: 'User 2' } } })
    await stream.return?.()
  }
  await vi.waitUntil(() => town.records.changes.listeners() === 0, 20_000)
}, 60_000)

/** A subgraph that answers nothing until it is told to. */
async function openBusy() {
  const received: SubgraphRequest[] = []
  const { promise: free, resolve } = Promise.withResolvers<void>()
  const tokens = openViewerTokens({ tokenKey: new Uint8Array(32).fill(1) })
  const server = await openSubgraphServer({
    name: 'busy',
    async executor(request) {
      received.push(request)
      if (request.kind === 'query') await free
      return { data: { asked: request.query } }
    },
    routes: [],
    verifyViewer: tokens.verify,
    readiness: async () => ({ ready: true, engines: {} }),
    log,
    host: '127.0.0.1',
    port: 0,
  })
  closing.push(() => server.drain(0))
  const remote = openRemoteSubgraph({ name: 'busy', urls: [server.url], signViewer: tokens.sign })
  closing.push(() => remote.close())
  return { remote, received, free: () => resolve() }
}

test('a query that waits for a connection ends with its signal, is never sent, and keeps nobody from a mutation', async () => {
  const { remote, received, free } = await openBusy()
  const ask = (kind: 'query' | 'mutation', field: string, signal?: AbortSignal) =>
    Promise.resolve(remote.executor(operation(kind, `${kind} { ${field} }`, signal)))
  const first = Array.from({ length: 128 }, () => ask('query', 'first'))
  await vi.waitUntil(() => received.length === 128, 20_000)

  const given = new AbortController()
  const up = ask('query', 'givenUp', given.signal)
  const waits = ask('query', 'waits')
  setImmediate(() => given.abort(new Error('The client has gone.')))
  await expect(up).rejects.toThrow('The client has gone.')
  expect(await ask('mutation', 'write')).toEqual({ data: { asked: 'mutation { write }' } })
  expect(await remote.answers()).toBe(true)
  expect(received.filter(({ kind }) => kind === 'query')).toHaveLength(128)

  free()
  expect(await waits).toEqual({ data: { asked: 'query { waits }' } })
  expect(await Promise.all(first)).toHaveLength(128)
  expect(received.some(({ query }) => query.includes('givenUp'))).toBe(false)
}, 60_000)
