import { setTimeout as sleep } from 'node:timers/promises'
import type { Log } from '../log/log.ts'
import type { Sql } from '../sql/sql.ts'
import { openCursors, type Cursors } from './cursors.ts'
import { drain } from './drain.ts'
import type { Fact } from './facts.ts'
import type { Hold } from './hold.ts'
import { createLanes, type Lanes } from './lanes.ts'

/**
 * A durable reader of the log. One that feeds an engine keeps its position in that engine (`position`), so that an engine that comes back
 * empty is fed again from the beginning by itself.
 */
export interface Consumer {
  name: string
  types: readonly string[]
  /** May be called again for the same fact: it must be idempotent. EngineUnavailable makes it wait; other errors are retried, then set aside. */
  handle(fact: Fact): Promise<void>
  /**
   * Several facts of one organisation, in their order and at most `most`, where that is cheaper than one after the other. Idempotent, too, also
   * after it has handled some of them. When it fails for another reason than an engine that is away, each is given to `handle`.
   */
  together?: { most: number; handle(facts: readonly Fact[]): Promise<void> }
  position?: {
    /** Such as `graph`. */
    engine: string
    load(organizationId: string): Promise<string>
    save(organizationId: string, position: string): Promise<void>
  }
}

export interface Consumers {
  add(consumer: Consumer): void
  /** New facts of these types are there. Who takes none of them is left alone, and passes over them when next woken. */
  wake(organizationId: string, types: readonly string[]): void
  /** Wakes every consumer that stands before the end of an organisation's log: after lost wake-ups, an outage, or a start. */
  wakeBehind(heads: ReadonlyMap<string, number>): void
  reached(consumer: string, at: { organizationId: string; position: string }, patience: Patience): Promise<boolean>
  replay(engine: string, work: Replay): Promise<void>
  close(): Promise<void>
}

/** What is fed to an engine again, from the first fact of an organisation on. */
export interface Replay {
  organizationId: string
  /** Run while nothing is fed; afterwards the engine has no positions of the organisation any more. */
  empty(): Promise<void>
  /** Up to here. */
  head(): Promise<string>
  signal: AbortSignal
}

/** How long to wait for a consumer, and for whom: a caller that has gone waits no more. */
export interface Patience {
  timeoutMs: number
  signal?: AbortSignal
}

interface Entry {
  engine: string | undefined
  cursors: Cursors
  taken: ReadonlySet<string>
  lanes: Lanes
  /** How far it is known to have come in an organisation, for as long as this process has looked after it. */
  applied: Map<string, number>
}

/** Organisations that one consumer works for at a time: a start with thousands of them leaves the connections to who asks. */
const organizationsAtOnce = 2

/** How often what another process does is looked at. */
const lookAgainMs = 200

export function openConsumers(sql: Sql, log: Log, { holdMs }: { holdMs: number }): Consumers {
  const entries = new Map<string, Entry>()
  const waiters = new Set<() => void>()
  const stopping = new AbortController()

  function open(consumer: Consumer): Entry {
    const cursors = openCursors(sql, consumer, { holdMs })
    const applied = new Map<string, number>()
    const onSaved = (organizationId: string, position: number): void => {
      applied.set(organizationId, position)
      for (const tell of waiters) tell()
    }
    const work = async (organizationId: string): Promise<void> => {
      try {
        // Whoever has much to be handled takes turns with the others.
        if (await drain({ sql, log, consumer, cursors, stopping: stopping.signal, onSaved }, organizationId))
          lanes.ask(organizationId)
      } catch (error) {
        if (!stopping.signal.aborted)
          log.warn({ consumer: consumer.name, organizationId, err: error }, 'consumer waits')
      }
    }
    const lanes = createLanes(organizationsAtOnce, work)
    return { engine: consumer.position?.engine, cursors, applied, taken: new Set(consumer.types), lanes }
  }

  return {
    add(consumer) {
      entries.set(consumer.name, open(consumer))
    },
    wake(organizationId, types) {
      for (const { lanes, taken } of entries.values())
        if (types.some((type) => taken.has(type))) lanes.ask(organizationId)
    },
    wakeBehind(heads) {
      for (const { lanes, applied } of entries.values())
        for (const [organizationId, head] of heads)
          if ((applied.get(organizationId) ?? -1) < head) lanes.ask(organizationId)
    },
    async reached(name, at, { timeoutMs, signal }) {
      const entry = entries.get(name)
      const until = Date.now() + timeoutMs
      while (entry && Date.now() < until && !signal?.aborted) {
        if (await hasApplied(entry, at)) return true
        await nextTell(waiters, Math.max(0, Math.min(100, until - Date.now())))
      }
      return false
    },
    async replay(engine, { organizationId, empty, head, signal }) {
      const fed = [...entries.values()].filter((entry) => entry.engine === engine)
      const holds: Hold[] = []
      try {
        for (const { cursors } of fed) holds.push(await holdWhenFree(cursors, organizationId, signal))
        await empty()
        for (const { applied } of fed) applied.delete(organizationId)
      } finally {
        for (const hold of holds) await hold.release()
      }
      const at = { organizationId, position: await head() }
      for (const entry of fed) {
        entry.lanes.ask(organizationId)
        while (!(await hasApplied(entry, at))) {
          signal.throwIfAborted()
          await nextTell(waiters, lookAgainMs)
        }
      }
    },
    async close() {
      stopping.abort(new Error('The process stops.'))
      await Promise.all([...entries.values()].map(({ lanes }) => lanes.close()))
    },
  }
}

/** Whoever is at it now finishes first. */
async function holdWhenFree(cursors: Cursors, organizationId: string, signal: AbortSignal): Promise<Hold> {
  for (;;) {
    const hold = await cursors.hold(organizationId)
    if (hold) return hold
    await sleep(lookAgainMs, undefined, { signal })
  }
}

async function hasApplied(
  { applied, cursors }: Entry,
  { organizationId, position }: { organizationId: string; position: string },
): Promise<boolean> {
  if ((applied.get(organizationId) ?? -1) >= Number(position)) return true
  // Another process may be the one that is at it.
  return Number(await cursors.load(organizationId).catch(() => '0')) >= Number(position)
}

function nextTell(waiters: Set<() => void>, timeoutMs: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, timeoutMs)
    function done(): void {
      clearTimeout(timer)
      waiters.delete(done)
      resolve()
    }
    waiters.add(done)
  })
}
