import { CompiledQuery } from 'kysely'
import type { Log } from '../log/log.ts'
import { EngineUnavailable } from '../schema/refusals.ts'
import type { Sql } from '../sql/sql.ts'
import { openCursors, type Cursors } from './cursors.ts'
import type { Fact } from './facts.ts'
import { readFacts } from './read.ts'

/**
 * A durable reader of the log. One that feeds an engine keeps its position in that engine (`position`), so that an engine that comes back
 * empty is fed again from the beginning by itself.
 */
export interface Consumer {
  name: string
  types: readonly string[]
  /** May be called again for the same fact: it must be idempotent. EngineUnavailable makes it wait; other errors are retried, then set aside. */
  handle(fact: Fact): Promise<void>
  position?: {
    load(organizationId: string): Promise<string>
    save(organizationId: string, position: string): Promise<void>
  }
}

export interface Consumers {
  add(consumer: Consumer): void
  wake(organizationId: string | null): void
  reached(consumer: string, at: { organizationId: string; position: string }, timeoutMs: number): Promise<boolean>
  close(): Promise<void>
}

const batch = 200
const attempts = 4
const pollMs = 5_000

/** Runs consumers: woken by the log, and every five seconds for what a lost wake-up or an engine's outage left behind. */
export function openConsumers(sql: Sql, log: Log): Consumers {
  const consumers = new Map<string, { consumer: Consumer; cursors: Cursors; running: Map<string, Promise<void>>; again: Set<string> }>()
  const waiters = new Set<() => void>()
  let closed = false

  async function drain(name: string, organizationId: string): Promise<void> {
    const entry = consumers.get(name)
    if (!entry || !(await entry.cursors.hold(organizationId))) return
    try {
      for (;;) {
        const position = await entry.cursors.load(organizationId)
        const facts = await readFacts(sql, organizationId, { after: position, limit: batch })
        if (facts.length === 0 || closed) return
        for (const fact of facts) if (entry.consumer.types.includes(fact.type)) await digest(entry.consumer, fact)
        await entry.cursors.save(organizationId, facts.at(-1)?.position ?? position)
        for (const tell of waiters) tell()
      }
    } finally {
      await entry.cursors.release(organizationId)
    }
  }

  async function digest(consumer: Consumer, fact: Fact): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await consumer.handle(fact)
      } catch (error) {
        if (error instanceof EngineUnavailable || closed) throw error
        if (attempt === attempts) return setAside(consumer, fact, error)
        await new Promise((resolve) => setTimeout(resolve, 50 * 4 ** attempt))
      }
    }
  }

  async function setAside(consumer: Consumer, fact: Fact, error: unknown): Promise<void> {
    log.error({ consumer: consumer.name, organizationId: fact.organizationId, position: fact.position, type: fact.type, err: error }, 'fact set aside')
    await sql.withOrganization({ organizationId: fact.organizationId }, (tx) =>
      tx.executeQuery(
        CompiledQuery.raw(
          `insert into platform.fact_failure (organization_id, consumer, position, error) values ($1, $2, $3, $4) on conflict do nothing`,
          [fact.organizationId, consumer.name, fact.position, String(error)],
        ),
      ),
    )
  }

  function run(name: string, organizationId: string): void {
    const entry = consumers.get(name)
    if (!entry || closed) return
    if (entry.running.has(organizationId)) {
      entry.again.add(organizationId)
      return
    }
    const running = drain(name, organizationId)
      .catch((error: unknown) => log.warn({ consumer: name, organizationId, err: error }, 'consumer waits'))
      .finally(() => {
        entry.running.delete(organizationId)
        if (entry.again.delete(organizationId)) run(name, organizationId)
      })
    entry.running.set(organizationId, running)
  }

  async function runBehind(name: string): Promise<void> {
    const { rows } = await sql.db.executeQuery<{ organization_id: string }>(CompiledQuery.raw(`select organization_id from platform.fact_heads()`))
    for (const row of rows) run(name, row.organization_id)
  }

  function runAll(): void {
    for (const name of consumers.keys()) runBehind(name).catch((error: unknown) => log.warn({ consumer: name, err: error }, 'consumer waits'))
  }

  const poll = setInterval(runAll, pollMs)
  poll.unref()

  return {
    add(consumer) {
      consumers.set(consumer.name, { consumer, cursors: openCursors(sql, consumer), running: new Map(), again: new Set() })
      runBehind(consumer.name).catch((error: unknown) => log.warn({ consumer: consumer.name, err: error }, 'consumer waits'))
    },
    wake(organizationId) {
      if (organizationId === null) runAll()
      else for (const name of consumers.keys()) run(name, organizationId)
    },
    async reached(name, { organizationId, position }, timeoutMs) {
      const cursors = consumers.get(name)?.cursors
      const until = Date.now() + timeoutMs
      while (cursors && Date.now() < until) {
        const applied = await cursors.load(organizationId).catch(() => '0')
        if (Number(applied) >= Number(position)) return true
        await nextTell(waiters, Math.min(100, until - Date.now()))
      }
      return false
    },
    async close() {
      closed = true
      clearInterval(poll)
      for (const { running } of consumers.values()) await Promise.all(running.values())
    },
  }
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
