import type { Log } from '../log/log.ts'
import { rowsOf, type Sql, type Tx } from '../sql/sql.ts'
import { unitOf } from '../sql/unit.ts'
import { currentOrigin } from '../telemetry/telemetry.ts'
import { openConsumers, type Consumer, type Patience, type Replay } from './consumers.ts'
import { openFeeds } from './feeds.ts'
import { readHead, readHeads } from './read.ts'
import type { FactFilter } from './subscriber.ts'

/**
 * The append-only log of what happened, in one order per organisation.
 *
 * Promises: a fact commits with the rows it tells of, or not at all. A reader that continues after position n gets every later fact once, in
 * order, none skipped, however late its transaction committed. A subscriber hears a fact as soon as it is committed. A consumer handles every
 * fact at least once, in order within an organisation, one at a time, across restarts. Facts carry ids and small values.
 */
export interface Facts {
  /**
   * Everything after the cursor (or from now on), then live, until the iterator is returned or the signal aborts. InvalidInput for what is no
   * cursor of this log. A reader that does not keep up is given the rest from the log when it reads on; an outage of the database is waited for.
   */
  subscribe(organizationId: string, filter: FactFilter): AsyncIterableIterator<Fact>
  /** The newest position: what a subscriber that has just read the state may continue from. */
  head(organizationId: string): Promise<string>
  consume(consumer: Consumer): void
  /** True once the consumer has applied the position; false when it did not within the time, or the signal aborted. */
  reached(consumer: string, at: { organizationId: string; position: string }, patience: Patience): Promise<boolean>
  /**
   * Empties an engine of what an organisation's facts have put there, and feeds it all of them again; resolves when that is done, by this process or another.
   * Who is cut short has left it half empty or half full, and calls again. Rejects when the signal aborts.
   */
  replay(engine: string, work: Omit<Replay, 'head'>): Promise<void>
  close(): Promise<void>
}

export interface Fact<Payload = Record<string, unknown>> {
  organizationId: string
  /** Also the cursor to continue after. */
  position: string
  type: string
  payload: Payload
  actor: string | null
  occurredAt: Date
  /** The request in whose name it happened, for whoever goes on with it; null for what the house does by itself. */
  origin: unknown
}

export interface NewFact {
  /** Past tense, noun first: `shipment.delivered`. */
  type: string
  payload: Record<string, unknown>
  /** Runs in the transaction once the fact has its position, for a row that remembers it. */
  written?: (position: string) => Promise<void>
}

/** The position is known once the transaction has committed. */
export interface PublishedFact {
  position: string | null
}

export type { Consumer } from './consumers.ts'

export const factsChannel = 'passerelle_facts'

interface Pending extends NewFact {
  handle: PublishedFact
}

const pending = new WeakMap<Tx, Pending[]>()

/** Publishes a fact with the transaction. Facts are written last, in the order of the calls. */
export function publish(tx: Tx, fact: NewFact): PublishedFact {
  const handle: PublishedFact = { position: null }
  const waiting = pending.get(tx)
  if (waiting) {
    waiting.push({ ...fact, handle })
    return handle
  }
  const facts = [{ ...fact, handle }]
  pending.set(tx, facts)
  unitOf(tx).lastWrites.set('facts', () => writeFacts(tx, facts))
  return handle
}

async function writeFacts(tx: Tx, facts: readonly Pending[]): Promise<void> {
  const { organizationId, userId } = unitOf(tx).scope
  const [head] = await rowsOf<{ position: number }>(
    tx,
    `insert into platform.fact_head as head (organization_id, position) values ($1, $2)
     on conflict (organization_id) do update set position = head.position + excluded.position returning position`,
    [organizationId, facts.length],
  )
  const first = Number(head?.position) - facts.length + 1
  await rowsOf(
    tx,
    `with written as (
       insert into platform.fact (organization_id, position, type, payload, actor, origin)
       select $1, $2 + ordinality - 1, type, payload, $5, $7::jsonb
       from unnest($3::text[], $4::jsonb[]) with ordinality as fact (type, payload, ordinality))
     select pg_notify('${factsChannel}', $6)`,
    [
      organizationId,
      first,
      facts.map((fact) => fact.type),
      facts.map((fact) => JSON.stringify(fact.payload)),
      userId || null,
      toNotice(organizationId, facts),
      toOrigin(),
    ],
  )
  for (const [index, fact] of facts.entries()) {
    fact.handle.position = String(first + index)
    await fact.written?.(fact.handle.position)
  }
}

function toOrigin(): string | null {
  const origin = currentOrigin()
  return origin ? JSON.stringify(origin) : null
}

/** Whose log has grown, and by what types of facts: who is not interested need not look. */
function toNotice(organizationId: string, facts: readonly NewFact[]): string {
  return [organizationId, ...new Set(facts.map(({ type }) => type))].join(' ')
}

/** How often lost wake-ups are looked for, and how long a consumer's hold outlives its process, in milliseconds. */
export interface Pace {
  pollMs: number
  holdMs: number
}

/** Opens the log: one listening connection serves every subscriber and consumer of the process. */
export async function openFacts(
  sql: Sql,
  log: Log,
  { pollMs, holdMs }: Pace = { pollMs: 5_000, holdMs: 15_000 },
): Promise<Facts> {
  const feeds = openFeeds(sql)
  const consumers = openConsumers(sql, log, { holdMs })
  const look = async (): Promise<void> => {
    try {
      const heads = await readHeads(sql)
      feeds.wakeBehind(heads)
      consumers.wakeBehind(heads)
    } catch (error) {
      log.warn({ err: error }, 'the log cannot be looked at')
    }
  }
  const poll = setInterval(() => void look(), pollMs).unref()
  const stop = await sql.listen(factsChannel, (notice) => {
    if (notice === null) return void look()
    const [organizationId = '', ...types] = notice.split(' ')
    feeds.wake(organizationId)
    consumers.wake(organizationId, types)
  })
  return {
    subscribe: feeds.subscribe,
    head: (organizationId) => readHead(sql, organizationId),
    consume(consumer) {
      consumers.add(consumer)
      void look()
    },
    reached: consumers.reached,
    replay: (engine, work) => consumers.replay(engine, { ...work, head: () => readHead(sql, work.organizationId) }),
    async close() {
      stop()
      clearInterval(poll)
      feeds.close()
      await consumers.close()
    },
  }
}
