import { fork, type ChildProcess } from 'node:child_process'
import { Agent, request } from 'node:http'
import { join } from 'node:path'

const queries = {
  'one subgraph': '{ shipments(first: 50) { id trackingNumber status reference createdAt } }',
  'three subgraphs':
    '{ shipments(first: 50) { id trackingNumber status reference client { id name email } documents { nodes { id title kind } } } }',
}

/** A server to compare: its name in `serve.main.ts`, with what it is given, and its title. */
export interface Way {
  name: string
  title: string
  given?: string
}

const WARM_UP = 600
const ROUNDS = 5
const REQUESTS = 500
const AT_ONCE = 8

export interface Server {
  way: Way
  url: string
  child: ChildProcess
  agent: Agent
}

/** CPU per request of each server beside that of the first, in the same run, in turns, so that whatever else the machine does hits all. */
export async function compareServers(ways: readonly Way[], ofWhat: string): Promise<void> {
  const servers: Server[] = []
  try {
    for (const way of ways) servers.push(await startServer(way))
    for (const [title, query] of Object.entries(queries)) await compare({ title, query, ofWhat }, servers)
  } finally {
    for (const server of servers) stopServer(server)
  }
}

async function compare(
  { title, query, ofWhat }: { title: string; query: string; ofWhat: string },
  servers: readonly Server[],
): Promise<void> {
  const answers = new Set<string>()
  for (const server of servers) {
    // What ours cost is said by us alone.
    const { data } = JSON.parse(await post(server, query)) as { data: unknown }
    answers.add(JSON.stringify(data))
    await load(server, query, WARM_UP)
  }
  if (answers.size > 1) throw new Error('The servers do not answer the same.')
  const costs = new Map<Way, number[]>()
  for (let round = 0; round < ROUNDS; round++) {
    for (const server of servers) {
      const before = await cpu(server)
      await load(server, query, REQUESTS)
      const spent = ((await cpu(server)) - before) / REQUESTS
      costs.set(server.way, [...(costs.get(server.way) ?? []), spent])
    }
  }
  const limit = median(costs.get(servers[0]?.way as Way) ?? [])
  console.log(`\n${title} (${AT_ONCE} at once, median of ${ROUNDS} × ${REQUESTS} requests)`)
  for (const { way } of servers) {
    const cost = median(costs.get(way) ?? [])
    console.log(
      `  ${way.title.padEnd(36)} ${cost.toFixed(0).padStart(6)} µs CPU   ${(limit / cost).toFixed(2)} ${ofWhat}`,
    )
  }
}

/** Starts a server in a process of its own. */
export function startServer(way: Way): Promise<Server> {
  const given = way.given === undefined ? [] : [way.given]
  const child = fork(join(import.meta.dirname, 'serve.main.ts'), [way.name, ...given], {
    env: { ...process.env, NODE_ENV: 'production' },
  })
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code) => reject(new Error(`The ${way.name} server ended with ${code}.`)))
    child.once('message', (message) => {
      const { url } = message as { url: string }
      resolve({ way, url, child, agent: new Agent({ keepAlive: true, maxSockets: AT_ONCE }) })
    })
  })
}

export function stopServer({ child, agent }: Server): void {
  agent.destroy()
  child.disconnect()
}

/** Microseconds of CPU that the server has used so far. */
function cpu({ child }: Server): Promise<number> {
  return new Promise((resolve) => {
    child.once('message', (message) => {
      const { user, system } = (message as { cpu: NodeJS.CpuUsage }).cpu
      resolve(user + system)
    })
    child.send('cpu')
  })
}

async function load(server: Server, query: string, requests: number): Promise<void> {
  let left = requests
  const work = async (): Promise<void> => {
    while (left-- > 0) await post(server, query)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
}

function post({ url, agent }: Server, query: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const sent = request(
      url,
      { agent, method: 'POST', headers: { 'content-type': 'application/json' } },
      (response) => {
        let text = ''
        response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
        response.on('end', () => resolve(text))
      },
    )
    sent.on('error', reject)
    sent.end(JSON.stringify({ query }))
  })
}

function median(values: readonly number[]): number {
  return values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)] ?? 0
}
