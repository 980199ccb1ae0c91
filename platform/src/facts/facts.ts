import { CompiledQuery } from 'kysely'
import type { Log } from '../log/log.ts'
import type { Sql, Tx } from '../sql/sql.ts'
import { unitOf } from '../sql/unit.ts'
import { openConsumers, type Consumer, type Consumers } from './consumers.ts'
import { openFeeds, type Feeds, type FactFilter } from './feeds.ts'

/**
 * The append-only log of what happened, in one order per organisation.
 *
 * Promises: a fact commits with the rows it tells of, or not at all. A reader that continues after position n gets every later fact once, in
 * order, none skipped, however late its transaction committed. A subscriber hears a fact as soon as it is committed. A consumer handles every
 * fact at least once, in order within an organisation, one at a time, across restarts. Facts carry ids and small values.
 */
export interface Facts {
  /** Everything after the cursor (or from now on), then live, until the iterator is returned or the signal aborts. InvalidInput at once for no cursor of ours. */
  subscribe(organizationId: string, filter: FactFilter): AsyncIterableIterator<Fact>
  /** The newest position: what a subscriber that has just read the state may continue from. */
  head(organizationId: string): Promise<string>
  consume(consumer: Consumer): void
  /** True once the consumer has applied the position; false when it did not within the time. */
  reached(consumer: string, at: { organizationId: string; position: string }, timeoutMs: number): Promise<boolean>
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
  const { rows } = await tx.executeQuery<{ position: number }>(
    CompiledQuery.raw(
      `insert into platform.fact_head as head (organization_id, position) values ($1, $2)
       on conflict (organization_id) do update set position = head.position + excluded.position returning position`,
      [organizationId, facts.length],
    ),
  )
  const first = Number(rows[0]?.position) - facts.length + 1
  await tx.executeQuery(
    CompiledQuery.raw(
      `with written as (
         insert into platform.fact (organization_id, position, type, payload, actor)
         select $1, $2 + ordinality - 1, type, payload, $5
         from unnest($3::text[], $4::jsonb[]) with ordinality as fact (type, payload, ordinality))
       select pg_notify('${factsChannel}', $1)`,
      [organizationId, first, facts.map((fact) => fact.type), facts.map((fact) => JSON.stringify(fact.payload)), userId || null],
    ),
  )
  for (const [index, fact] of facts.entries()) {
    fact.handle.position = String(first + index)
    await fact.written?.(fact.handle.position)
  }
}

/** Opens the log: one listening connection serves every subscriber and consumer of the process. */
export async function openFacts(sql: Sql, log: Log): Promise<Facts> {
  const feeds: Feeds = openFeeds(sql)
  const consumers: Consumers = openConsumers(sql, log)
  const stop = await sql.listen(factsChannel, (organizationId) => {
    feeds.wake(organizationId)
    consumers.wake(organizationId)
  })
  return {
    subscribe: feeds.subscribe,
    head: (organizationId) => feeds.head(organizationId),
    consume: consumers.add,
    reached: consumers.reached,
    async close() {
      stop()
      feeds.close()
      await consumers.close()
    },
  }
}
