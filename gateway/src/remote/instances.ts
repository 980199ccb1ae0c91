import { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { Pool, type Dispatcher } from 'undici'
import { EngineUnavailable } from '@passerelle/platform/schema'
import { declinedHeader } from './wire.ts'

type Ask = Omit<Dispatcher.RequestOptions, 'origin'>

/** The processes of one subgraph, as one to talk to. */
export interface Instances {
  /**
   * Sends a request to the next process in turn, and again to others while that is safe: what no process has taken can always be sent again,
   * what was taken only when it is `repeatable`. Throws EngineUnavailable when nobody answers.
   */
  send(ask: Ask, options: { repeatable: boolean }): Promise<Dispatcher.ResponseData>
  close(): Promise<void>
}

/** Rounds over all processes before it is given up, with a pause between them: as long as a process takes to be replaced. */
const rounds = 4
const pauseMs = 250

/** Longer than anything a gateway waits for. */
const patienceMs = 620_000

/** Nobody has taken the request. */
const unreached = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
])

export function openInstances({ name, urls }: { name: string; urls: readonly string[] }): Instances {
  const pools = urls.map(
    (url) =>
      new Pool(url, {
        connections: 128,
        connect: { timeout: 2_000 },
        headersTimeout: patienceMs,
        keepAliveTimeout: 4_000,
      }),
  )
  let turn = 0

  return {
    async send(ask, { repeatable }) {
      for (let attempt = 0; attempt < rounds * pools.length; attempt++) {
        if (attempt > 0 && attempt % pools.length === 0) await sleep(pauseMs, undefined, { signal: toSignal(ask) })
        const pool = pools[turn++ % pools.length] as Pool
        const answer = await tryOnce(pool, ask, repeatable)
        if (answer) return answer
      }
      throw new EngineUnavailable(name)
    },
    async close() {
      await Promise.all(pools.map((pool) => pool.destroy()))
    },
  }
}

/** Null when it may be sent again. */
async function tryOnce(pool: Pool, ask: Ask, repeatable: boolean): Promise<Dispatcher.ResponseData | null> {
  try {
    // Bytes that come from elsewhere can be sent once only: whether somebody takes them is asked before.
    if (ask.body instanceof Readable) await (await pool.request({ method: 'GET', path: '/healthz' })).body.dump()
    const answer = await pool.request(ask)
    if (answer.headers[declinedHeader] === undefined) return answer
    await answer.body.dump()
    return null
  } catch (error) {
    if (toSignal(ask)?.aborted) throw error
    if (repeatable || unreached.has(codeOf(error))) return null
    throw error
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}

function toSignal({ signal }: Ask): AbortSignal | undefined {
  return signal instanceof AbortSignal ? signal : undefined
}
