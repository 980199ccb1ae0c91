import type { Jobs, Queue } from '../jobs/jobs.ts'

/** What is made from the rows again: the graph, or what the search index has, in whole or only where it had vectors. */
export type Rebuild =
  | { what: 'graph' }
  /** `beside` fills another index while the present one serves, where the engine can. */
  | { what: 'vectors'; of: 'all' | 'dense'; beside?: boolean }

/** More than a month of minutes: it is tried until it is done. One that was cut short has left half a graph. */
const untilDone = 100_000

/** One job per organisation. */
export const rebuildQueue: Queue<Rebuild> = {
  name: 'platform.rebuild',
  retries: untilDone,
  concurrency: 1,
  perOrganization: 1,
}

/** The end of making all vectors again, when every organisation is done: a queue of its own, because it waits for the other. */
export const swapQueue: Queue<{ what: 'vectors' }> = {
  name: 'platform.rebuild_swap',
  retries: untilDone,
  concurrency: 1,
  perOrganization: 1,
}

/** Whether an organisation's graph, or its part of the search index, is being made again, or is to be. */
export async function isRebuilding(
  { jobs }: { jobs: Pick<Jobs, 'unfinished'> },
  organizationId: string,
  what: Rebuild['what'],
): Promise<boolean> {
  return (await jobs.unfinished(rebuildQueue, { organizationId, data: { what } })) > 0
}
