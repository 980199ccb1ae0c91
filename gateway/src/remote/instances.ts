import { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Dispatcher, Pool } from 'undici'
import { EngineUnavailable } from '@passerelle/platform/schema'
import { abortable } from '../engine/abortable.ts'
import { closeLanes, openLanes, type Lane, type Lanes } from './lanes.ts'
import { declinedHeader } from './wire.ts'

type Ask = Omit<Dispatcher.RequestOptions, 'origin'>

/** The processes of one subgraph, as one to talk to. */
export interface Instances {
  /**
   * Sends a request to the next process in turn, and again to others while that is safe: what no process has taken can always be sent again,
   * what was taken only when it is `repeatable`. Throws EngineUnavailable when nobody answers, and the reason of the request's signal as soon
   * as it aborts, also while the request waits for a connection.
   */
  send(ask: Ask, options: { lane: Lane; repeatable: boolean }): Promise<Dispatcher.ResponseData>
  close(): Promise<void>
}

/** Rounds over all processes before it is given up, with a pause between them: as long as a process takes to be replaced. */
const rounds = 4
const pauseMs = 250

/** Nobody has taken the request. */
const unreached = new Set([
  'EADDRNOTAVAIL',
  'ECONNREFUSED',
  'EMFILE',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
])

export function openInstances({ name, urls }: { name: string; urls: readonly string[] }): Instances {
  const processes = urls.map(openLanes)
  let turn = 0

  return {
    async send(ask, { lane, repeatable }) {
      for (let attempt = 0; attempt < rounds * processes.length; attempt++) {
        if (attempt > 0 && attempt % processes.length === 0) await sleep(pauseMs, undefined, { signal: toSignal(ask) })
        const lanes = processes[turn++ % processes.length] as Lanes
        const answer = await tryOnce(lanes[lane], ask, repeatable)
        if (answer) return answer
      }
      throw new EngineUnavailable(name)
    },
    async close() {
      await Promise.all(processes.map(closeLanes))
    },
  }
}

/** Null when it may be sent again. */
async function tryOnce(pool: Pool, ask: Ask, repeatable: boolean): Promise<Dispatcher.ResponseData | null> {
  const { signal } = ask
  try {
    // Bytes that come from elsewhere can be sent once only: whether somebody takes them is asked before.
    if (ask.body instanceof Readable) {
      const taken = await request(pool, { method: 'GET', path: '/healthz', signal })
      await taken.body.dump()
    }
    const answer = await request(pool, ask)
    if (answer.headers[declinedHeader] === undefined) return answer
    await answer.body.dump()
    return null
  } catch (error) {
    if (toSignal(ask)?.aborted) throw error
    if (repeatable || unreached.has(codeOf(error))) return null
    throw error
  }
}

/** A pool hears of a signal only once it has a connection for the request; until then it is heard here. What is given up is never sent. */
function request(pool: Pool, ask: Ask): Promise<Dispatcher.ResponseData> {
  const signal = toSignal(ask)
  const answer = pool.request(ask)
  return signal ? abortable(answer, signal) : answer
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}

function toSignal({ signal }: Ask): AbortSignal | undefined {
  return signal instanceof AbortSignal ? signal : undefined
}
