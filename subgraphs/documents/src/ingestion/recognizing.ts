import { findDocument } from '../document.store.ts'
import { markRecognized, pagesToRecognize, savePages } from '../page.store.ts'
import type { ReadableType } from '../reading/reading.ts'
import { writeStatus } from '../status.store.ts'
import { withFile, type Ingestion } from './ingestion.ts'

/** OCR of the pages that are pictures, in any order; those done before an interruption are not done again. */
export const recognizeStage = {
  stage: 'RECOGNIZING' as const,
  needed: async (ingestion: Ingestion) => (await waitingPages(ingestion)).length > 0,
  run: recognize,
}

async function recognize(ingestion: Ingestion): Promise<void> {
  const { platform, scope, run, document, reader, signal } = ingestion
  const where = { documentId: document.id, organizationId: scope.organizationId }
  const numbers = await waitingPages(ingestion)
  const current = await platform.sql.withOrganization(scope, (tx) => findDocument(tx, document.id))
  const contentType = (current ?? document).contentType as ReadableType
  await withFile(ingestion, (path) =>
    reader.recognizePages({ path, filename: document.filename, contentType }, numbers, {
      signal,
      onPages: ({ pages, handled, done, total }) =>
        platform.sql.withOrganization(scope, async (tx) => {
          await savePages(tx, where, { pages, needsRecognition: [] })
          await markRecognized(tx, document.id, handled)
          await writeStatus(tx, run, { stage: 'RECOGNIZING', share: done / total })
        }),
    }),
  )
  await platform.sql.withOrganization(scope, (tx) => markRecognized(tx, document.id, numbers))
}

function waitingPages({ platform, scope, document }: Ingestion): Promise<number[]> {
  return platform.sql.withOrganization(scope, (tx) => pagesToRecognize(tx, document.id))
}
