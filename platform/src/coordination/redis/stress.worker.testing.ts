import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { createLog } from '../../log/log.ts'
import type { Lease, LeaseRequest } from '../coordination.ts'
import { openRedisCoordination } from './redis.ts'
import { TRUTH } from './stress.truth.testing.ts'

/** What a process of the stress does: several calls at once, each of them again and again, or a number of them queued at once. */
export interface WorkerOptions {
  url: string
  truthUrl: string
  capacity: number
  leaseMs: number
  organizations: string[]
  /** `any` takes what chance gives; otherwise every request is that, for the whole capacity. */
  priority: LeaseRequest['priority'] | 'any'
  calls: number
  again: boolean
  /** Of most calls; one in eight may take twenty times as long. */
  longestMs: number
}

const options: WorkerOptions = JSON.parse(process.argv[2] ?? '')
const { capacity, leaseMs, organizations, calls, again, longestMs } = options
const coordination = await openRedisCoordination({
  url: options.url,
  log: createLog({ name: 'worker', level: 'silent' }),
  leaseMs,
})
const truth = new Redis(options.truthUrl)
const semaphore = coordination.semaphore('gpu', { capacity })
let stopped = false

const any = (below: number): number => Math.floor(Math.random() * below)

function nextRequest(call: number): LeaseRequest {
  const organizationId = organizations[call % organizations.length] ?? ''
  const free = options.priority === 'any'
  return {
    organizationId,
    task: 'stress',
    model: 'm',
    weight: free ? 1 + any(capacity) : capacity,
    priority: options.priority === 'any' ? (any(2) === 0 ? 'interactive' : 'batch') : options.priority,
  }
}

/** Uses the card, as a store that the semaphore knows nothing of sees it. */
async function use({ lost, fencingToken }: Lease, { organizationId, priority, weight }: LeaseRequest): Promise<void> {
  const label = `${organizationId} ${priority} ${fencingToken}`
  await truth.eval(TRUTH.enter, 4, ...TRUTH.keys, process.pid, weight, capacity, label)
  const ms = 1 + any(any(8) === 0 ? 20 * longestMs : longestMs)
  await Promise.race([sleep(ms), once(lost, 'abort')])
  if (lost.aborted) await truth.rpush(TRUTH.lost, label)
  await truth.hincrby(TRUTH.used, `${process.pid}`, -weight)
}

async function call(index: number): Promise<void> {
  do {
    const request = nextRequest(index)
    try {
      const lease = await semaphore.acquire(request)
      await use(lease, request)
      await lease.release()
    } catch {
      await sleep(20)
    }
  } while (again && !stopped)
}

process.on('message', () => (stopped = true))
process.send?.('ready')
await Promise.all(Array.from({ length: calls }, (_, index) => call(index)))
await coordination.close()
truth.disconnect()
process.disconnect()
