import { sql } from 'kysely'
import type { Tx } from '@passerelle/platform/sql'
import { storable, toPage, toSegmentRow, toWordRow, type PackedPage } from './page.row.ts'
import type { ReadPage } from '../reading/reading.ts'
import type { Tables } from '../tables.ts'

/** Writes pages as they are read; a page that is there already is replaced, so that reading may be repeated. */
export async function savePages(
  tx: Tx,
  { documentId, organizationId }: { documentId: string; organizationId: string },
  { pages, needsRecognition }: { pages: readonly ReadPage[]; needsRecognition: readonly number[] },
): Promise<void> {
  if (pages.length === 0) return
  const rows = pages.map((page) => ({
    organization_id: organizationId,
    document_id: documentId,
    number: page.number,
    width: page.width,
    height: page.height,
    text: storable(page.text),
    recognized: page.recognized,
    confidence: page.confidence ?? null,
    needs_recognition: needsRecognition.includes(page.number),
    words: JSON.stringify(page.words.map(toWordRow)),
    headings: JSON.stringify(page.headings),
    segments: page.segments ? JSON.stringify(page.segments.map(toSegmentRow)) : null,
  }))
  await tx
    .withTables<Tables>()
    .insertInto('documents.page')
    .values(rows)
    .onConflict((conflict) =>
      conflict.columns(['document_id', 'number']).doUpdateSet({
        width: sql`excluded.width`,
        height: sql`excluded.height`,
        text: sql`excluded.text`,
        recognized: sql`excluded.recognized`,
        confidence: sql`excluded.confidence`,
        needs_recognition: sql`excluded.needs_recognition`,
        words: sql`excluded.words`,
        headings: sql`excluded.headings`,
        segments: sql`excluded.segments`,
      }),
    )
    .execute()
}

/** Marks pages whose recognition has ended, with text or without. */
export async function markRecognized(tx: Tx, documentId: string, numbers: readonly number[]): Promise<void> {
  if (numbers.length === 0) return
  await tx
    .withTables<Tables>()
    .updateTable('documents.page')
    .set({ needs_recognition: false })
    .where('document_id', '=', documentId)
    .where('number', 'in', numbers)
    .execute()
}

/** The document's pages in order, packed. */
export function loadPages(tx: Tx, documentId: string): Promise<PackedPage[]> {
  return tx
    .withTables<Tables>()
    .selectFrom('documents.page')
    .select(['number', 'width', 'height', 'text', 'recognized', 'confidence'])
    .select([sql<string>`words::text`.as('words'), sql<string>`headings::text`.as('headings')])
    .select(sql<string | null>`segments::text`.as('segments'))
    .where('document_id', '=', documentId)
    .orderBy('number')
    .execute()
}

/** A page by its place: what stays the same when a document is read anew. */
export interface PagePlace {
  documentId: string
  number: number
}

/** The pages at these places that are there, in the order asked for. */
export async function loadPagesAt(tx: Tx, places: readonly PagePlace[]): Promise<(ReadPage | null)[]> {
  const rows = await tx
    .withTables<Tables>()
    .selectFrom('documents.page')
    .selectAll()
    .where(({ eb, refTuple, tuple }) =>
      eb(
        refTuple('document_id', 'number'),
        'in',
        places.map(({ documentId, number }) => tuple(documentId, number)),
      ),
    )
    .execute()
  const found = new Map(rows.map((row) => [`${row.document_id} ${row.number}`, toPage(row)]))
  return places.map(({ documentId, number }) => found.get(`${documentId} ${number}`) ?? null)
}

/** The last page that is stored, 0 for none: where an interrupted reading goes on. */
export async function lastPage(tx: Tx, documentId: string): Promise<number> {
  const { last } = await tx
    .withTables<Tables>()
    .selectFrom('documents.page')
    .select((select) => select.fn.coalesce(select.fn.max('number'), sql<number>`0`).as('last'))
    .where('document_id', '=', documentId)
    .executeTakeFirstOrThrow()
  return last
}

/** Whether any page has text so far. */
export async function hasText(tx: Tx, documentId: string): Promise<boolean> {
  const row = await tx
    .withTables<Tables>()
    .selectFrom('documents.page')
    .select('number')
    .where('document_id', '=', documentId)
    .where(sql<boolean>`text ~ '\\S'`)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

/** Pages that still wait for recognition. */
export async function pagesToRecognize(tx: Tx, documentId: string): Promise<number[]> {
  const rows = await tx
    .withTables<Tables>()
    .selectFrom('documents.page')
    .select('number')
    .where('document_id', '=', documentId)
    .where('needs_recognition', '=', true)
    .orderBy('number')
    .execute()
  return rows.map((row) => row.number)
}
