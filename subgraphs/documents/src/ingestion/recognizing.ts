import { requireDocument } from '../document.ts'
import { hasText, markRecognized, pagesToRecognize, savePages } from '../page.store.ts'
import type { ReadableType } from '../reading/reading.ts'
import { writeStatus } from '../status.store.ts'
import { inRun, withFile, type Ingestion } from './ingestion.ts'

/** OCR of the pages that are pictures, in any order; those done before an interruption are not done again. */
export const recognizeStage = {
  stage: 'RECOGNIZING' as const,
  needed: async (ingestion: Ingestion) => (await waitingPages(ingestion)).length > 0,
  run: recognize,
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
