import { setInterval as every } from 'node:timers/promises'
import { schema } from './install.ts'

/** How long a job waits at most whose time has come and of which nobody was told: one that is tried again, or a NOTIFY that was lost. */
const everyMs = 2_000

interface DueWatch {
  /** The queues that this process works at; may grow. */
  names: ReadonlySet<string>
  query: (text: string, values: unknown[]) => Promise<{ rows: { name: string }[] }>
  wake: (name: string) => void
  /** Ends it. */
  signal: AbortSignal
}

/**
 * Looks which queues have jobs whose time has come, for all workers of a process together: each of them looking for itself asks the database ten times
 * as often when nothing is to be done. A database that is away is asked again.
 */
export async function watchDue({ names, query, wake, signal }: DueWatch): Promise<void> {
  const look = async (): Promise<void> => {
    const { rows } = await query(due, [[...names]])
    for (const { name } of rows) wake(name)
  }
  try {
    for await (const _ of every(everyMs, undefined, { signal, ref: false }))
      if (names.size > 0) await look().catch(() => {})
  } catch (error) {
    if (!signal.aborted) throw error
  }
}

const due = `
  select queue.name from unnest($1::text[]) as queue (name)
  where exists (select from ${schema}.job where job.name = queue.name and state < 'active' and not blocked and start_after <= now())`
