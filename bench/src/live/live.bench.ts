import { fork, type ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { createClient, type Client } from 'graphql-ws'
import WebSocket from 'ws'

const SOCKETS = 2_000
const ROUNDS = 5
const EVENTS = 10
/** Between events, so that each finds the server at rest. */
const PAUSE_MS = 700

const ways = { bare: 'bare graphql-ws server', passerelle: 'passerelle gateway' }
type Way = keyof typeof ways

interface House {
  way: Way
  child: ChildProcess
  clients: Client[]
  /** Milliseconds from the event to each of its hearers. */
  heard: number[]
}

/** How long an event takes to 2,000 subscribers, each on a socket of its own, beside a server that does nothing else. */
export async function run(): Promise<void> {
  const houses: House[] = []
  try {
    for (const way of Object.keys(ways) as Way[]) houses.push(await open(way))
    const costs = new Map<Way, number>()
    for (let round = 0; round < ROUNDS; round++) {
      for (const house of houses) {
        const before = await cpu(house)
        await publish(house)
        costs.set(house.way, (costs.get(house.way) ?? 0) + (await cpu(house)) - before)
      }
    }
    console.log(`\n${SOCKETS} sockets, ${ROUNDS * EVENTS} events each`)
    for (const { way, heard } of houses) {
      const sorted = heard.toSorted((left, right) => left - right)
      const at = (part: number) => (sorted[Math.floor(sorted.length * part)] ?? 0).toFixed(0).padStart(4)
      const each = (costs.get(way) ?? 0) / (ROUNDS * EVENTS * SOCKETS)
      console.log(
        `  ${ways[way].padEnd(24)} p50 ${at(0.5)} ms   p99 ${at(0.99)} ms   ${each.toFixed(1)} µs CPU a delivery   ${sorted.length} heard`,
      )
    }
  } finally {
    for (const { child, clients } of houses) {
      for (const client of clients) client.terminate()
      child.disconnect()
    }
  }
}

async function open(way: Way): Promise<House> {
  const child = fork(join(import.meta.dirname, 'serve.main.ts'), [way], {
    env: { ...process.env, NODE_ENV: 'production' },
  })
  const { url } = await answer<{ url: string }>(child)
  const house: House = { way, child, clients: [], heard: [] }
  for (let n = 0; n < SOCKETS; n++) {
    house.clients.push(subscribe(house, url))
    if (n % 100 === 99) await sleep(100)
  }
  // The first events tell when everybody listens.
  for (let before = -1; house.heard.length - before < SOCKETS;) {
    before = house.heard.length
    child.send('tick')
    await sleep(1_500)
  }
  house.heard.length = 0
  return house
}

function subscribe(house: House, url: string): Client {
  const client = createClient({ url, webSocketImpl: WebSocket, retryAttempts: 0 })
  client.subscribe<{ tick: { sentAt: number } }>(
    { query: 'subscription { tick { id sentAt } }' },
    {
      next: ({ data }) => {
        if (data) house.heard.push(performance.timeOrigin + performance.now() - data.tick.sentAt)
      },
      // Ours to end.
      error: () => undefined,
      complete: () => undefined,
    },
  )
  return client
}

async function publish({ child, heard }: House): Promise<void> {
  for (let n = 0; n < EVENTS; n++) {
    const wanted = heard.length + SOCKETS
    child.send('tick')
    for (let waited = 0; heard.length < wanted && waited < 30_000; waited += 20) await sleep(20)
    await sleep(PAUSE_MS / EVENTS)
  }
}

/** Microseconds of CPU that the server has used so far. */
async function cpu({ child }: House): Promise<number> {
  child.send('cpu')
  const { user, system } = (await answer<{ cpu: NodeJS.CpuUsage }>(child)).cpu
  return user + system
}

function answer<Answer>(child: ChildProcess): Promise<Answer> {
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('message', (message) => {
      child.off('error', reject)
      resolve(message as Answer)
    })
  })
}
