import { workSealing } from '@passerelle/platform/sealing/round'
import { workAnchors } from '@passerelle/platform/audit/anchor'
import type { Platform } from '@passerelle/platform/subgraph'
import { gaugeOf } from '@passerelle/platform/telemetry'
import { workRebuilds } from '../rebuild/work.ts'
import type { Closers } from '../shutdown.ts'
import { sealedTables, subgraphs } from '../subgraphs.ts'

/** Starts the jobs and consumers of every subgraph in this process, and hands over the mail that waits. */
export async function startWork(platform: Platform, closers: Closers): Promise<void> {
  await platform.mail.work()
  for (const subgraph of subgraphs) {
    const work = await subgraph.work?.(platform)
    if (work) closers.add(`${subgraph.name}'s work`, () => work.stop())
  }
  const anchors = workAnchors(platform)
  closers.add('the audit log’s signatures', () => anchors.stop())
  await workRebuilds(platform, subgraphs)
  await workSealing(platform, sealedTables)
  tellOfJobs(platform)
}

/** The figures are the installation's: every process that works tells the same ones. */
function tellOfJobs({ jobs }: Platform): void {
  const help =
    'Durable jobs of the installation, by queue and state: pending, active, or failed, which were given up in the last days.'
  gaugeOf({ name: 'passerelle_jobs', help, labels: ['queue', 'state'] }, async () =>
    (await jobs.counts()).flatMap(({ queue, ...states }) =>
      Object.entries(states).map(([state, value]) => ({ value, labels: { queue, state } })),
    ),
  )
}
