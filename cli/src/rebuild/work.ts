import { setTimeout as sleep } from 'node:timers/promises'
import { rebuildQueue, swapQueue, type Rebuild } from '@passerelle/platform/rebuild'
import type { Platform, Reindex, Subgraph } from '@passerelle/platform/subgraph'

const lookAgainMs = 1_000

interface Task {
  organizationId: string
  signal: AbortSignal
}

/** Does what `passerelle rebuild` and `restore` ask for, one organisation after the other, while everything else goes on. */
export async function workRebuilds(platform: Platform, subgraphs: readonly Subgraph[]): Promise<void> {
  const { facts, graph, jobs, log, vectors } = platform
  const indexes = subgraphs.flatMap(({ reindex }) => reindex ?? [])
  await jobs.work(rebuildQueue, async ({ organizationId, data, signal }) => {
    if (data.what === 'vectors') return fillIndex(platform, indexes, { organizationId, signal, asked: data })
    await facts.replay('graph', { organizationId, empty: () => graph.forgetAll(organizationId), signal })
    log.info('the graph was made again')
  })
  await jobs.work(swapQueue, async ({ signal }) => {
    const open = (): Promise<number> => jobs.unfinished(rebuildQueue, { data: { what: 'vectors', beside: true } })
    while ((await open()) > 0) await sleep(lookAgainMs, undefined, { signal })
    await vectors.renewal.finish()
    log.info('the search index was made again')
  })
}

/** Writes everything of an organisation to the search index again, and waits until that is done. */
async function fillIndex(
  platform: Platform,
  indexes: readonly Reindex[],
  { organizationId, signal, asked: { of, beside } }: Task & { asked: Extract<Rebuild, { what: 'vectors' }> },
): Promise<void> {
  if (beside) await platform.vectors.renewal.begin()
  for (const { ask, remaining, settle } of indexes) {
    // One that was cut short may not have asked for all: it asks again.
    await ask(platform, organizationId, of)
    while ((await remaining(platform, organizationId)) > 0) await sleep(lookAgainMs, undefined, { signal })
    await settle(platform, organizationId)
  }
  platform.log.info('the points of an organisation were written again')
}
