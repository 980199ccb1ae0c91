import type { Platform, Subgraph } from '@passerelle/platform/subgraph'
import { rebuildQueue } from './queue.ts'

/** Does what `passerelle rebuild` and `restore` ask for, one organisation after the other, while everything else goes on. */
export async function workRebuilds(platform: Platform, subgraphs: readonly Subgraph[]): Promise<void> {
  const { facts, graph, jobs, log } = platform
  await jobs.work(rebuildQueue, async ({ organizationId, data, signal }) => {
    if (data.what === 'graph') {
      await facts.replay('graph', { organizationId, empty: () => graph.forgetAll(organizationId), signal })
      return log.info({ organizationId }, 'the graph was made again')
    }
    for (const { reindex } of subgraphs) await reindex?.(platform, organizationId, data.of)
    log.info({ organizationId }, 'the points of the search index are asked for again')
  })
}
