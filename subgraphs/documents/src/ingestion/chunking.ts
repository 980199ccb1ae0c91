import { newId } from '@passerelle/platform/ids'
import { saveChunks } from '../search/chunk.store.ts'
import { saveReading } from '../document/document.store.ts'
import { inRun, type Ingestion } from './ingestion.ts'

/** The passages that are searched and cited, and what is known of the whole: language and kind. */
export const chunkStage = { stage: 'CHUNKING' as const, run: chunk }

async function chunk(ingestion: Ingestion): Promise<void> {
  const { scope, document, understanding } = ingestion
  const { language, kind, chunks } = await understanding()
  await inRun(ingestion, async (tx) => {
    await saveReading(tx, document.id, { language, kind })
    await saveChunks(
      tx,
      { documentId: document.id, organizationId: scope.organizationId },
      chunks.map(({ index, page, text, boxes, tokenCount, startMs, endMs }) => ({
        id: newId('chk'),
        index,
        page,
        text,
        boxes,
        tokenCount,
        startMs,
        endMs,
      })),
    )
  })
}
