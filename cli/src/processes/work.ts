import type { Platform } from '@passerelle/platform/subgraph'
import { workRebuilds } from '../rebuild/work.ts'
import type { Closers } from '../shutdown.ts'
import { subgraphs } from '../subgraphs.ts'

/** Starts the jobs and consumers of every subgraph in this process, and hands over the mail that waits. */
export async function startWork(platform: Platform, closers: Closers): Promise<void> {
  await platform.mail.work()
  for (const subgraph of subgraphs) {
    const work = await subgraph.work?.(platform)
    if (work) closers.add(`${subgraph.name}'s work`, () => work.stop())
  }
  await workRebuilds(platform, subgraphs)
}
