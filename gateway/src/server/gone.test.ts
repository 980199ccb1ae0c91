import { once } from 'node:events'
import { connect } from 'node:net'
import { afterEach, expect, test, vi } from 'vitest'
import { WebSocket } from 'ws'
import { createLog } from '@passerelle/platform/log'
import { abortable } from '../engine/abortable.ts'
import { openRemoteTown } from '../testing/open-remote-town.ts'
import { openTownGateway } from '../testing/open-town-gateway.ts'

const closing: (() => Promise<unknown>)[] = []

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

/** A gateway and subgraphs in processes of their own, which answer requests for `slow` never; and what any of them logs that is no note. */
async function openSlowTown(slow: string) {
  const lines: string[] = []
  const log = createLog({ name: 'gone-test', level: 'warn', to: { write: (line) => void lines.push(line) } })
  let leavers = 0
  const town = await openRemoteTown({
    log,
    before: async ({ subgraph, signal }) => {
      if (subgraph !== slow) return
      signal.addEventListener('abort', () => leavers++, { once: true })
      await abortable(new Promise(() => undefined), signal)
    },
  })
  closing.push(town.close)
  const front = await openTownGateway({ town, log })
  closing.push(() => front.gateway.drain())
  const asked = (subgraph: string, count = 1) =>
    vi.waitUntil(() => town.received.filter((request) => request.subgraph === subgraph).length === count)
  /** Every process knows that nobody waits for it any more. */
  const settled = async () => {
    await vi.waitUntil(() => leavers === town.received.filter(({ subgraph }) => subgraph === slow).length)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  return { town, url: front.gateway.url, lines, asked, settled }
}

async function openSocket(url: string): Promise<WebSocket> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws')
  await once(socket, 'open')
  socket.send(JSON.stringify({ type: 'connection_init' }))
  await once(socket, 'message')
  return socket
}

const ask = (socket: WebSocket, query: string): void =>
  socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query } }))

test('is no failure when a client leaves before its question is answered', async () => {
  const { url, lines, asked, settled } = await openSlowTown('people')
  const leaving = new AbortController()
  const body = JSON.stringify({ query: '{ viewer { id } }' })
  const headers = { 'content-type': 'application/json' }
  const answer = fetch(`${url}/graphql`, { method: 'POST', body, headers, signal: leaving.signal }).catch(() => null)
  await asked('people')
  leaving.abort()
  expect(await answer).toBeNull()
  const socket = await openSocket(url)
  ask(socket, '{ viewer { id } }')
  await asked('people', 2)
  socket.terminate()
  await settled()
  expect(lines).toEqual([])
})

test('is no failure when a subscriber leaves while an event waits for the fields of another process', async () => {
  const { town, url, lines, asked, settled } = await openSlowTown('parcels')
  const socket = await openSocket(url)
  ask(socket, 'subscription { userChanged(id: "u2") { name parcels { label } } }')
  await vi.waitUntil(() => town.records.changes.listeners() === 1)
  town.records.changes.publish(town.records.users.get('u2')!)
  await asked('parcels')
  socket.terminate()
  await settled()
  await vi.waitUntil(() => town.records.changes.listeners() === 0)
  expect(lines).toEqual([])
})

test('is no failure when a client leaves before it has said what it asks', async () => {
  const { url, lines } = await openSlowTown('people')
  const { port, hostname } = new URL(url)
  const socket = connect(Number(port), hostname)
  socket.write(
    'POST /graphql HTTP/1.1\r\nhost: here\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{"query":',
  )
  await new Promise((resolve) => setTimeout(resolve, 50))
  socket.destroy()
  await new Promise((resolve) => setTimeout(resolve, 100))
  expect(lines).toEqual([])
})

test('is no failure when subscribers leave while events are written to them', async () => {
  const { town, url, lines } = await openSlowTown('nobody')
  const printed = vi.spyOn(console, 'error').mockImplementation(() => undefined)
  const sockets = await Promise.all(Array.from({ length: 20 }, () => openSocket(url)))
  for (const socket of sockets) ask(socket, 'subscription { userChanged(id: "u2") { id name } }')
  await vi.waitUntil(() => town.records.changes.listeners() === sockets.length)
  const user = { ...town.records.users.get('u2')!, name: 'x'.repeat(100_000) }
  for (const socket of sockets) {
    town.records.changes.publish(user)
    await new Promise((resolve) => setTimeout(resolve, 5))
    socket.terminate()
  }
  await vi.waitUntil(() => town.records.changes.listeners() === 0)
  expect([...lines, ...printed.mock.calls]).toEqual([])
  printed.mockRestore()
})
