import { LRUCache } from 'lru-cache'
import type { Coordination, RateAnswer } from '@passerelle/platform/coordination'
import type { Log } from '@passerelle/platform/log'

/** One limit of somebody's. */
export interface Pool {
  name: string
  organizationId: string
  key: string
  limit: number
}

/** Points are taken from the store in such parts of a limit and spent here: a flood of small operations does not become a flood there. */
const PART = 1 / 1000
/** How long what was taken may be spent, as a part of the window. */
const FRESH = 1 / 60
/** After this the store counts as away, which it mostly says itself; and for how long it is then left alone. Milliseconds. */
const PATIENCE = 2_500
const PAUSE = 5_000
/** Limits that are remembered here at a time. */
const MOST_POOLS = 20_000

interface State {
  /** Taken from the store and not spent yet, until `freshUntil`. */
  credit: number
  freshUntil: number
  /** What the store had left, and when all is back there. */
  remaining: number
  resetsAt: Date
  /** What was left when the store last refused, and until when that is believed. */
  short: { left: number; until: number }
  /** Whoever needs the store waits for this: what one takes beforehand, the next may spend. */
  turn: Promise<unknown>
  /** What was spent in this window and the one before it while the store was away. */
  alone: { window: number; spent: number; before: number }
}

interface PoolsOptions {
  coordination: Pick<Coordination, 'limit'>
  windowSeconds: number
  log: Log
}

export interface Pools {
  take(pool: Pool, cost: number): RateAnswer | Promise<RateAnswer>
  /** The refusal of a cost that was more than is left when the store was asked lately; null when it has to be asked. */
  refusal(pool: Pool, cost: number): RateAnswer | null
}

export function createPools(options: PoolsOptions): Pools {
  const states = new LRUCache<string, State>({ max: MOST_POOLS })
  const windowMs = options.windowSeconds * 1000
  const ask = createAsk(options)

  function stateOf({ organizationId, key }: Pool): State {
    const name = `${organizationId}\n${key}`
    let state = states.get(name)
    if (!state) states.set(name, (state = newState()))
    return state
  }

  async function takeInTurn(state: State, pool: Pool, cost: number): Promise<RateAnswer> {
    const spent = spendCredit(state, cost)
    if (spent) return spent
    const own = state.credit
    state.credit = 0
    const needed = cost - own
    let taken = Math.max(needed, Math.floor(pool.limit * PART))
    let answer = await ask(pool, taken)
    if (answer && !answer.allowed && taken > needed) answer = await ask(pool, (taken = needed))
    if (!answer) return spendAlone(state, { pool, cost, windowMs })
    const { allowed, remaining, resetsAt } = answer
    if (!allowed) {
      state.credit = own
      const until = Math.min(resetsAt.getTime(), Date.now() + windowMs * FRESH)
      Object.assign(state, { resetsAt, short: { left: remaining, until } })
      return answer
    }
    state.credit = taken - needed
    Object.assign(state, { freshUntil: Date.now() + windowMs * FRESH, remaining, resetsAt })
    return { ...answer, remaining: remaining + state.credit }
  }

  return {
    refusal(pool, cost) {
      const { short, credit, resetsAt } = stateOf(pool)
      if (short.until <= Date.now() || cost <= Math.max(short.left, credit)) return null
      return { allowed: false, remaining: short.left, resetsAt }
    },
    take(pool, cost) {
      const state = stateOf(pool)
      const spent = spendCredit(state, cost)
      if (spent) return spent
      const taken = state.turn.then(() => takeInTurn(state, pool, cost))
      state.turn = taken.catch(() => undefined)
      return taken
    },
  }
}

/** What the store says; null while it says nothing. Once it is away, one at a time asks whether it is back. */
function createAsk({ coordination, windowSeconds, log }: PoolsOptions) {
  let awayUntil = 0
  let isAway = false
  return async ({ organizationId, key, limit }: Pool, cost: number): Promise<RateAnswer | null> => {
    if (Date.now() < awayUntil) return null
    if (isAway) awayUntil = Date.now() + PATIENCE
    try {
      const answer = await within(PATIENCE, coordination.limit(organizationId, key, { limit, windowSeconds, cost }))
      awayUntil = 0
      isAway = false
      return answer
    } catch (error) {
      if (!isAway) log.warn({ err: error }, 'Limits are counted in this process alone: their store is away.')
      isAway = true
      awayUntil = Date.now() + PAUSE
      return null
    }
  }
}

/** Spends what is here. */
function spendCredit(state: State, cost: number): RateAnswer | null {
  if (state.freshUntil <= Date.now()) state.credit = 0
  if (state.credit < cost) return null
  state.credit -= cost
  return { allowed: true, remaining: state.remaining + state.credit, resetsAt: state.resetsAt }
}

function newState(): State {
  const alone = { window: 0, spent: 0, before: 0 }
  return {
    credit: 0,
    freshUntil: 0,
    remaining: 0,
    resetsAt: new Date(),
    short: { left: 0, until: 0 },
    turn: Promise.resolve(),
    alone,
  }
}

/** A window that slides over the one before it, as if that had been spent evenly. */
function spendAlone(
  { alone }: State,
  { pool, cost, windowMs }: { pool: Pool; cost: number; windowMs: number },
): RateAnswer {
  const now = Date.now()
  const window = Math.floor(now / windowMs)
  if (window !== alone.window) {
    alone.before = window === alone.window + 1 ? alone.spent : 0
    alone.spent = 0
    alone.window = window
  }
  const passed = now / windowMs - window
  const used = alone.spent + alone.before * (1 - passed)
  const resetsAt = new Date((window + 1) * windowMs)
  if (used + cost > pool.limit) return { allowed: false, remaining: Math.max(0, pool.limit - used), resetsAt }
  alone.spent += cost
  return { allowed: true, remaining: pool.limit - used - cost, resetsAt }
}

async function within<Value>(milliseconds: number, work: Promise<Value>): Promise<Value> {
  const { promise: late, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new Error(`Nothing was heard for ${milliseconds} ms.`)), milliseconds)
  // Whichever comes second is heard by nobody.
  work.catch(() => undefined)
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}
