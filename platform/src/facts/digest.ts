import { setTimeout as sleep } from 'node:timers/promises'
import type { Log } from '../log/log.ts'
import { EngineUnavailable } from '../schema/refusals.ts'
import { rowsOf, type Sql } from '../sql/sql.ts'
import { underOrigin } from '../telemetry/telemetry.ts'
import type { Consumer } from './consumers.ts'
import type { Fact } from './facts.ts'

const attempts = 4

interface Digesting {
  sql: Sql
  log: Log
  consumer: Consumer
}

/**
 * Hands a fact to its consumer until it is handled, in the name of the request that the fact tells of. One that fails four times is set aside with its error, so that it does not hold up the rest.
 * Throws EngineUnavailable, which is waited for, and when the signal aborts.
 */
export function digest(digesting: Digesting, fact: Fact, signal: AbortSignal): Promise<void> {
  const { name } = digesting.consumer
  const attributes = { 'passerelle.consumer': name, 'passerelle.fact': fact.type }
  return underOrigin(fact.origin, { name: `fact ${fact.type}`, attributes }, () => tryToHandle(digesting, fact, signal))
}

/** The same for several at once, if the consumer takes several, and one by one when it does not, or fails. Throws as `digest` does. */
export async function digestTogether(digesting: Digesting, facts: readonly Fact[], signal: AbortSignal): Promise<void> {
  const { name, together } = digesting.consumer
  if (together && facts.length > 1) {
    const attributes = { 'passerelle.consumer': name, 'passerelle.facts': facts.length }
    try {
      // They come from requests of their own; of none of them alone.
      return await underOrigin(null, { name: 'facts', attributes }, () => together.handle(facts))
    } catch (error) {
      signal.throwIfAborted()
      if (error instanceof EngineUnavailable) throw error
      digesting.log.warn({ consumer: name, facts: facts.length, err: error }, 'facts are handled one by one')
    }
  }
  for (const fact of facts) {
    signal.throwIfAborted()
    await digest(digesting, fact, signal)
  }
}

async function tryToHandle({ sql, log, consumer }: Digesting, fact: Fact, signal: AbortSignal): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await consumer.handle(fact)
    } catch (error) {
      signal.throwIfAborted()
      if (error instanceof EngineUnavailable) throw error
      if (attempt === attempts) return setAside({ sql, log, consumer }, fact, error)
      await sleep(50 * 4 ** attempt, undefined, { signal })
    }
  }
}

async function setAside(
  { sql, log, consumer }: Digesting,
  { organizationId, position, type }: Fact,
  error: unknown,
): Promise<void> {
  log.error({ consumer: consumer.name, organizationId, position, type, err: error }, 'fact set aside')
  await sql.withOrganization({ organizationId }, (tx) =>
    rowsOf(
      tx,
      `insert into platform.fact_failure (organization_id, consumer, position, error) values ($1, $2, $3, $4) on conflict do nothing`,
      [organizationId, consumer.name, position, String(error)],
    ),
  )
}
