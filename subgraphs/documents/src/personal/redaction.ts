import type { Matcher } from '@passerelle/platform/privacy'
import { searchColumn, sortName } from '@passerelle/platform/records'
import type { Tx } from '@passerelle/platform/sql'
import type { Platform } from '@passerelle/platform/subgraph'
import { sql } from 'kysely'
import { requireDocument } from '../document/document.ts'
import { lockDocument } from '../document/document.store.ts'
import { enqueueIngestion } from '../ingestion/queue.ts'
import { loadPages } from '../pages/page.store.ts'
import type { SegmentRow, WordRow } from '../pages/page.row.ts'
import { dropUnderstanding, writeStatus } from '../status/status.store.ts'
import type { Tables } from '../tables.ts'

/** It is being read at this moment, and may yet write what is to be masked: try again. */
export class StillBeingRead extends Error {
  constructor(documentId: string) {
    super(`${documentId} is still being read.`)
    this.name = 'StillBeingRead'
  }
}

const unread = new Set(['STORING', 'EXTRACTING', 'RECOGNIZING', 'TRANSCRIBING'])

/**
 * Covers a person in the pages of a document, and has everything that is made of pages (passages, vectors, mentions, graph) made anew from the covered
 * ones; what was made before goes with this transaction. The file is not shown any more: its bytes go with the answered hash, unless the law keeps them.
 * Throws StillBeingRead before all pages are there.
 */
export async function redactDocument(
  tx: Tx,
  platform: Pick<Platform, 'jobs'>,
  { documentId, matcher, mustKeep }: { documentId: string; matcher: Matcher; mustKeep: boolean },
): Promise<string | null> {
  await lockDocument(tx, documentId)
  if (await coverNames(tx, documentId, matcher)) return null
  const document = await requireDocument(tx, documentId)
  const { stage } = document.status
  if (unread.has(stage)) throw new StillBeingRead(documentId)
  await maskPages(tx, documentId, matcher)
  const title = matcher.mask(document.title)
  const filename = matcher.mask(document.filename)
  const { run } = await tx
    .withTables<Tables>()
    .updateTable('documents.document')
    .set({
      title,
      filename,
      sort_title: sortName(title),
      search: searchColumn([title, filename]),
      run: sql<number>`run + 1`,
      attempts: 0,
      progress: 0,
      embedding_model: null,
      embedding_due: sql<Date>`now()`,
      file_withheld: mustKeep ? 'LEGAL_HOLD' : 'ERASED',
      withheld_at: sql<Date>`now()`,
      ...(!mustKeep && { hash: null }),
    })
    .where('id', '=', documentId)
    .returning('run')
    .executeTakeFirstOrThrow()
  await dropUnderstanding(tx, documentId)
  // One that could not be read has nothing to make anew.
  if (stage !== 'FAILED' && stage !== 'CANCELLED') {
    await writeStatus(tx, { documentId, run }, { stage: 'CHUNKING' })
    await enqueueIngestion(tx, platform.jobs, { documentId, run })
  }
  return mustKeep ? null : document.hash
}

/**
 * Covers the names of one that has nothing but names: its bytes have not come, or turned out to be another document's, which is covered by itself. False for
 * every other.
 */
async function coverNames(tx: Tx, documentId: string, matcher: Matcher): Promise<boolean> {
  const named = await tx
    .withTables<Tables>()
    .selectFrom('documents.document')
    .select(['title', 'filename'])
    .where('id', '=', documentId)
    .where(sql<boolean>`(same_as is not null or stage = 'WAITING')`)
    .executeTakeFirst()
  if (!named) return false
  const [title, filename] = [matcher.mask(named.title), matcher.mask(named.filename)]
  await tx
    .withTables<Tables>()
    .updateTable('documents.document')
    .set({ title, filename, sort_title: sortName(title), search: searchColumn([title, filename]) })
    .where('id', '=', documentId)
    .execute()
  return true
}

async function maskPages(tx: Tx, documentId: string, matcher: Matcher): Promise<void> {
  for (const page of await loadPages(tx, documentId)) {
    const text = matcher.mask(page.text)
    if (text === page.text) continue
    const words = (JSON.parse(page.words) as WordRow[]).map((word) =>
      maskWord(word, { before: page.text, after: text }),
    )
    const segments = page.segments === null ? null : (JSON.parse(page.segments) as SegmentRow[])
    await tx
      .withTables<Tables>()
      .updateTable('documents.page')
      .set({
        text,
        words: JSON.stringify(words),
        ...(segments && { segments: JSON.stringify(segments.map((segment) => maskSpeaker(segment, matcher))) }),
      })
      .where('document_id', '=', documentId)
      .where('number', '=', page.number)
      .execute()
  }
}

/** A word is covered where the text is that it stands for. */
function maskWord([text, ...rest]: WordRow, { before, after }: { before: string; after: string }): WordRow {
  const start = rest[4]
  const covered = after.slice(start, start + text.length)
  return [covered === before.slice(start, start + text.length) ? text : covered, ...rest]
}

function maskSpeaker([start, end, startMs, endMs, speaker]: SegmentRow, matcher: Matcher): SegmentRow {
  return [start, end, startMs, endMs, speaker === null ? null : matcher.mask(speaker)]
}
