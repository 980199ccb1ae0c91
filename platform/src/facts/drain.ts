import type { Log } from '../log/log.ts'
import type { Sql } from '../sql/sql.ts'
import type { Consumer } from './consumers.ts'
import type { Cursors } from './cursors.ts'
import { digestTogether } from './digest.ts'
import type { Fact } from './facts.ts'
import type { Hold } from './hold.ts'
import { readFacts } from './read.ts'

const batch = 200

/** What it takes to hand one consumer its facts. */
export interface Draining {
  sql: Sql
  log: Log
  consumer: Consumer
  cursors: Cursors
  /** Aborted when the process stops: the fact at hand is finished, no other begun. */
  stopping: AbortSignal
  onSaved(organizationId: string, position: number): void
}

/**
 * Hands the consumer the next facts of an organisation that it has not handled, in order; answers true when there may be more, false also when another
 * process is at it. Where it has come to is kept also when it is stopped or an engine goes away; then it throws.
 */
export async function drain(draining: Draining, organizationId: string): Promise<boolean> {
  const { sql, cursors, onSaved } = draining
  const hold = await cursors.hold(organizationId)
  if (!hold) return false
  try {
    let position = await cursors.load(organizationId)
    const facts = await readFacts(sql, organizationId, { after: position, limit: batch })
    if (facts.length > 0) position = await handleAll(draining, facts, { hold, organizationId })
    onSaved(organizationId, Number(position))
    // What is committed after this read wakes the consumer again.
    return facts.length === batch
  } finally {
    await hold.release()
  }
}

/** Answers the position of the last fact, which is saved. */
async function handleAll(
  draining: Draining,
  facts: readonly Fact[],
  { hold, organizationId }: { hold: Hold; organizationId: string },
): Promise<string> {
  const signal = AbortSignal.any([draining.stopping, hold.lost])
  const { types, together } = draining.consumer
  const groups = inGroups(
    facts.filter(({ type }) => types.includes(type)),
    together?.most ?? 1,
  )
  const keep = async (position: string): Promise<void> => {
    await hold.save(position)
    draining.onSaved(organizationId, Number(position))
  }
  let done: string | null = null
  try {
    for (const group of groups) {
      signal.throwIfAborted()
      // Who waits for what was handled together need not wait for the rest.
      if (together && done !== null) await keep(done)
      await digestTogether(draining, group, signal)
      done = group.at(-1)?.position ?? done
    }
  } catch (error) {
    // The engine that is away may be the very one that keeps the position: then this batch is handled again.
    if (done !== null) await hold.save(done).catch(() => {})
    throw error
  }
  const last = facts.at(-1)?.position ?? '0'
  await hold.save(last)
  return last
}

function inGroups<T>(items: readonly T[], most: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / most) }, (_, index) =>
    items.slice(index * most, (index + 1) * most),
  )
}
