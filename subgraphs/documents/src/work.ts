import type { Platform, Work } from '@passerelle/platform/subgraph'
import { createCleanupConsumer } from './document/cleanup.consumer.ts'
import { sweepArrivals } from './document/document-bytes.ts'
import { askForEmbeddings, askForNewEmbeddings } from './ingestion/catch-up.ts'
import { askForTranscripts } from './ingestion/catch-up-speech.ts'
import { createGraphConsumer } from './graph/graph.consumer.ts'
import { ingest } from './ingestion/ingest.ts'
import { ingestionQueue, transcriptionQueue } from './ingestion/queue.ts'
import { transcribe } from './ingestion/transcribing.ts'
import { createShareConsumer } from './shares/share.consumer.ts'
import { createReader } from './reading/reading.ts'
import { sweepAbandoned } from './uploads/upload.ts'

const roundMs = 30_000
const abandonedAfterMs = 24 * 3_600_000

/** Reads documents, feeds the graph, and now and then looks for what an absent engine or a lost client left behind. */
export async function startWork(platform: Platform): Promise<Work> {
  const reader = createReader(platform.sandbox)
  platform.facts.consume(createGraphConsumer(platform))
  platform.facts.consume(createCleanupConsumer(platform))
  platform.facts.consume(createShareConsumer(platform))
  await platform.jobs.work(ingestionQueue, (job) => ingest({ platform, reader }, job))
  await platform.jobs.work(transcriptionQueue, (job) => transcribe(platform, job))
  let round = Promise.resolve()
  const timer = setInterval(() => (round = round.then(() => lookAfter(platform))), roundMs).unref()
  return {
    async stop() {
      clearInterval(timer)
      await round
    },
  }
}

async function lookAfter(platform: Platform): Promise<void> {
  try {
    await askForEmbeddings(platform)
    await askForNewEmbeddings(platform)
    await askForTranscripts(platform)
    const abandoned = new Date(Date.now() - abandonedAfterMs)
    await sweepAbandoned(platform, abandoned)
    await sweepArrivals(platform, abandoned)
  } catch (error) {
    platform.log.warn({ err: error }, 'the round is put off')
  }
}
