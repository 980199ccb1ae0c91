import { requireDocument } from '../document/document.ts'
import { findDocument } from '../document/document.store.ts'
import { hasText, lastPage, markRecognized, pagesToRecognize, savePages } from '../pages/page.store.ts'
import { isAudio, type ReadableType } from '../reading/reading.ts'
import { writeStatus } from '../status/status.store.ts'
import { inRun, withFile, type Ingestion } from './ingestion.ts'
import { enqueueTranscription } from './queue.ts'

/**
 * What is no text yet becomes text: OCR of the pages that are pictures, in any order, those done before an interruption not again; or, of a
 * recording, what is said in it, which a job of its own writes down.
 */
export const recognizeStage = {
  stage: 'RECOGNIZING' as const,
  needed: async (ingestion: Ingestion) => (await isUnheard(ingestion)) || (await waitingPages(ingestion)).length > 0,
  run: async (ingestion: Ingestion) => ((await isUnheard(ingestion)) ? handOver(ingestion) : recognize(ingestion)),
}

async function handOver(ingestion: Ingestion): Promise<'handed over'> {
  await inRun(ingestion, (tx) => enqueueTranscription(tx, ingestion.platform.jobs, ingestion.run))
  return 'handed over'
}

/** A recording of which nothing is written down. */
function isUnheard({ platform, scope, document }: Ingestion): Promise<boolean> {
  return platform.sql.withOrganization(scope, async (tx) => {
    const current = await findDocument(tx, document.id)
    return current !== null && isAudio(current.contentType) && (await lastPage(tx, document.id)) === 0
  })
}

async function recognize(ingestion: Ingestion): Promise<void> {
  const { scope, run, document, reader, signal } = ingestion
  const where = { documentId: document.id, organizationId: scope.organizationId }
  const numbers = await waitingPages(ingestion)
  const { current, isLastHope } = await inRun(ingestion, async (tx) => ({
    current: await requireDocument(tx, document.id),
    isLastHope: !(await hasText(tx, document.id)),
  }))
  const contentType = current.contentType as ReadableType
  await withFile(ingestion, (path) =>
    reader.recognizePages({ path, filename: document.filename, contentType }, numbers, {
      signal,
      isLastHope,
      onPages: ({ pages, handled, done, total }) =>
        inRun(ingestion, async (tx) => {
          await savePages(tx, where, { pages, needsRecognition: [] })
          await markRecognized(tx, document.id, handled)
          await writeStatus(tx, run, { stage: 'RECOGNIZING', share: done / total })
        }),
    }),
  )
  await inRun(ingestion, (tx) => markRecognized(tx, document.id, numbers))
}

function waitingPages({ platform, scope, document }: Ingestion): Promise<number[]> {
  return platform.sql.withOrganization(scope, (tx) => pagesToRecognize(tx, document.id))
}
