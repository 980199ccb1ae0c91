import { takeUse } from '@passerelle/platform/usage'
import { saveReading } from '../document/document.store.ts'
import { lastPage, savePages } from '../pages/page.store.ts'
import { writeStatus } from '../status/status.store.ts'
import { adoptAttachment } from '../document/attachment.ts'
import { inRun, withFile, type Ingestion } from './ingestion.ts'

/** Native text, page batch by page batch; an interrupted reading goes on after the last page it stored. */
export const extractStage = { stage: 'EXTRACTING' as const, run: extract }

async function extract(ingestion: Ingestion): Promise<void> {
  const { platform, scope, run, document, reader, signal } = ingestion
  const where = { documentId: document.id, organizationId: scope.organizationId }
  const done = await platform.sql.withOrganization(scope, (tx) => lastPage(tx, document.id))
  // One that goes on after a break has its pages counted already.
  let counted = done > 0
  const extraction = await withFile(ingestion, (path) =>
    reader.extractPages(
      { path, filename: document.filename },
      {
        fromPage: done + 1,
        signal,
        onPages: (batch) =>
          inRun(ingestion, async (tx) => {
            if (!counted) takeUse(tx, { pages: batch.total })
            await savePages(tx, where, batch)
            await writeStatus(tx, run, { stage: 'EXTRACTING', share: batch.done / batch.total })
          }).then(() => void (counted = true)),
      },
    ),
  )
  for (const attachment of extraction.attachments) await adoptAttachment(platform, document, attachment)
  await inRun(ingestion, (tx) =>
    saveReading(tx, document.id, {
      contentType: extraction.contentType,
      pageCount: extraction.pageCount,
      ...(extraction.durationMs !== undefined && { durationMs: extraction.durationMs }),
    }),
  )
}
