import type { Queue } from '@passerelle/platform/jobs'

/** What is made from the rows again: the graph, or what the search index has, in whole or only where it had vectors. */
export type Rebuild = { what: 'graph' } | { what: 'vectors'; of: 'all' | 'dense' }

/** One job per organisation. It is tried until it is done: one that was cut short has left half a graph. */
export const rebuildQueue: Queue<Rebuild> = {
  name: 'platform.rebuild',
  retries: 1000,
  concurrency: 1,
  perOrganization: 1,
}
