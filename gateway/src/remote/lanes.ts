import { Pool } from 'undici'

/**
 * Connections to one process of a subgraph at a time, by what holds them, so that what takes long keeps nobody from what is short. Null: as many
 * as are asked for. Of those, the limits of sockets and of open operations (limits/connections.ts) say how many there can be, and for plain
 * HTTP the connections to the gateway itself: each holds one here.
 */
const connections = {
  /** Over in half a minute at most (deadline.ts); who comes when all are taken waits for a moment. */
  queries: 128,
  /** Some wait for minutes until a model has time for them. */
  mutations: 1_024,
  /** Event streams stay as long as somebody listens. */
  events: null,
  /** Files, as slow as who reads or sends them, and whether a process is ready, which must not wait for anything. */
  plain: null,
}

export type Lane = keyof typeof connections

/** The ways to one process. */
export type Lanes = Record<Lane, Pool>

/** Longer than anything a gateway waits for. */
const patienceMs = 620_000

/** Of a pool without a bound: a connection this old is not used again, and what it holds here is freed. */
const lifeMs = 60_000

export function openLanes(url: string): Lanes {
  const open = (most: number | null) =>
    new Pool(url, {
      connections: most,
      clientTtl: most === null ? lifeMs : null,
      connect: { timeout: 2_000 },
      headersTimeout: patienceMs,
      // Less than the five seconds after which a subgraph's server closes what is idle.
      keepAliveTimeout: 4_000,
    })
  const { queries, mutations, events, plain } = connections
  return { queries: open(queries), mutations: open(mutations), events: open(events), plain: open(plain) }
}

export async function closeLanes(lanes: Lanes): Promise<void> {
  await Promise.all(Object.values(lanes).map((pool) => pool.destroy()))
}
