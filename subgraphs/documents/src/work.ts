import type { Platform, Work } from '@passerelle/platform/subgraph'
import { createCleanupConsumer } from './cleanup.consumer.ts'
import { catchUpEmbeddings } from './ingestion/catch-up.ts'
import { createGraphConsumer } from './graph.consumer.ts'
import { ingest } from './ingestion/ingest.ts'
import { ingestionQueue } from './ingestion/queue.ts'
import { createReader } from './reading/reading.ts'
import { sweepAbandoned } from './upload.ts'

const roundMs = 30_000
const abandonedAfterMs = 24 * 3_600_000

/** Reads documents, feeds the graph, and now and then catches up what an absent engine or a lost client left behind. */
export async function startWork(platform: Platform): Promise<Work> {
  const reader = createReader(platform.sandbox)
  const stopping = new AbortController()
  platform.facts.consume(createGraphConsumer(platform))
  platform.facts.consume(createCleanupConsumer(platform))
  await platform.jobs.work(ingestionQueue, (job) => ingest({ platform, reader }, job))
  let round = Promise.resolve()
  const timer = setInterval(() => {
    round = round.then(() => catchUp(platform, stopping.signal))
  }, roundMs)
  timer.unref()
  return {
    async stop() {
      clearInterval(timer)
      stopping.abort()
      await round
    },
  }
}

async function catchUp(platform: Platform, signal: AbortSignal): Promise<void> {
  try {
    await catchUpEmbeddings(platform, signal)
    await sweepAbandoned(platform, new Date(Date.now() - abandonedAfterMs))
  } catch (error) {
    if (!signal.aborted) platform.log.warn({ err: error }, 'catching up waits')
  }
}
