import { openRedisCoordination } from '@passerelle/platform/coordination/redis'
import { findProgram, startRedis } from '@passerelle/platform/coordination/redis/testing'
import { createLog } from '@passerelle/platform/log'
import { Redis } from 'ioredis'
import { Semaphore as Peer } from 'redis-semaphore'

/** Takes the semaphore, and gives it back when the answer is called. */
type Acquire = () => Promise<() => Promise<void>>

interface Load {
  name: string
  /** How many may hold it at once, and how many want to. */
  capacity: number
  callers: number
  cycles: number
}

const loads: Load[] = [
  { name: 'one caller, free', capacity: 1, callers: 1, cycles: 4_000 },
  { name: '16 callers, room for all', capacity: 16, callers: 16, cycles: 8_000 },
  { name: '8 callers, room for 4', capacity: 4, callers: 8, cycles: 4_000 },
  { name: '50 callers, room for 1', capacity: 1, callers: 50, cycles: 2_000 },
]
const rounds = 5

/**
 * Acquire and release beside the `redis-semaphore` package on the same Redis, in turns (`npm run bench -- semaphore`). Ours also queues, is fair, knows
 * places and tells other processes; the peer tries again every 10 ms, whoever came first.
 */
export async function run(): Promise<void> {
  const program = findProgram()
  if (!program) throw new Error('This needs a redis-server on the PATH.')
  const server = await startRedis(program)
  const log = createLog({ name: 'bench', level: 'error' })
  const coordination = await openRedisCoordination({ url: server.url, log, settleMs: 0 })
  const client = new Redis(server.url)
  try {
    for (const load of loads) {
      const semaphore = coordination.semaphore(load.name, { capacity: load.capacity })
      const ours: Acquire = async () => {
        const lease = await semaphore.acquire(request)
        return () => lease.release()
      }
      const theirs: Acquire = async () => {
        const peer = new Peer(client, load.name, load.capacity, { acquireTimeout: 600_000 })
        await peer.acquire()
        return () => peer.release()
      }
      await compare(client, load, { ours, theirs })
    }
  } finally {
    await coordination.close()
    client.disconnect()
    await server.stop()
  }
}

const request = { organizationId: 'org_bench', task: 'bench', model: 'm', weight: 1, priority: 'interactive' } as const

interface Figures {
  /** Cycles of acquire and release a second. */
  rate: number
  /** Microseconds of processor a cycle, here and in Redis together. */
  cpu: number
  /** Milliseconds. */
  longestWait: number
}

/** Each takes its best round of several, in turns: what else runs on the machine only ever slows. */
async function compare(client: Redis, load: Load, { ours, theirs }: { ours: Acquire; theirs: Acquire }): Promise<void> {
  const figures: { ours: Figures[]; theirs: Figures[] } = { ours: [], theirs: [] }
  for (let round = 0; round < rounds; round++) {
    figures.theirs.push(await measure(client, load, theirs))
    figures.ours.push(await measure(client, load, ours))
  }
  const [mine, peer] = [best(figures.ours), best(figures.theirs)]
  console.log(
    `${load.name}: ${(mine.rate / peer.rate).toFixed(2)}× in rate, ${(peer.cpu / mine.cpu).toFixed(2)}× in processor time`,
  )
  for (const [name, { rate, cpu, longestWait }] of [
    ['ours', mine],
    ['redis-semaphore', peer],
  ] as const)
    console.log(
      `  ${name}: ${rate.toFixed(0)}/s, ${cpu.toFixed(0)} µs a cycle, longest wait ${longestWait.toFixed(0)} ms`,
    )
}

function best(figures: readonly Figures[]): Figures {
  return {
    rate: Math.max(...figures.map(({ rate }) => rate)),
    cpu: Math.min(...figures.map(({ cpu }) => cpu)),
    longestWait: Math.min(...figures.map(({ longestWait }) => longestWait)),
  }
}

async function measure(client: Redis, { callers, cycles }: Load, acquire: Acquire): Promise<Figures> {
  let left = cycles
  let longestWait = 0
  const call = async (): Promise<void> => {
    while (left-- > 0) {
      const asked = performance.now()
      const release = await acquire()
      longestWait = Math.max(longestWait, performance.now() - asked)
      await release()
    }
  }
  const cpuBefore = await cpuOf(client)
  const start = performance.now()
  await Promise.all(Array.from({ length: callers }, call))
  const rate = (cycles / (performance.now() - start)) * 1000
  return { rate, longestWait, cpu: ((await cpuOf(client)) - cpuBefore) / cycles }
}

/** Microseconds that this process and Redis have used. */
async function cpuOf(client: Redis): Promise<number> {
  const info = await client.info('cpu')
  const seconds = ['user', 'sys'].map((kind) => Number(new RegExp(`^used_cpu_${kind}:([\\d.]+)`, 'm').exec(info)?.[1]))
  const { user, system } = process.cpuUsage()
  return user + system + seconds.reduce((sum, part) => sum + part, 0) * 1e6
}
