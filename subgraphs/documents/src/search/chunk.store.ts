import { sql, type Selectable } from 'kysely'
import { cursorParts, type Page, type PageBox, type PageRequest, type Viewer } from '@passerelle/platform/schema'
import type { Sql, Tx } from '@passerelle/platform/sql'
import { listRows, type List } from '@passerelle/platform/sql/list'
import { z } from 'zod'
import type { Tables } from '../tables.ts'

type Row = Selectable<Tables['documents.chunk']>

/** A passage of a document: what is searched and cited. */
export interface Chunk {
  id: string
  documentId: string
  index: number
  page: number
  text: string
  boxes: PageBox[]
  tokenCount: number
  /** When it is said, in milliseconds of the recording; null for what is printed. */
  startMs: number | null
  endMs: number | null
}

/** Replaces the document's chunks. */
export async function saveChunks(
  tx: Tx,
  { documentId, organizationId }: { documentId: string; organizationId: string },
  chunks: readonly Omit<Chunk, 'documentId'>[],
): Promise<void> {
  const tables = tx.withTables<Tables>()
  await tables.deleteFrom('documents.chunk').where('document_id', '=', documentId).execute()
  for (let start = 0; start < chunks.length; start += 500) {
    await tables
      .insertInto('documents.chunk')
      .values(
        chunks.slice(start, start + 500).map((chunk) => ({
          id: chunk.id,
          organization_id: organizationId,
          document_id: documentId,
          index: chunk.index,
          page: chunk.page,
          text: chunk.text,
          boxes: JSON.stringify(chunk.boxes),
          token_count: chunk.tokenCount,
          start_ms: chunk.startMs,
          end_ms: chunk.endMs,
        })),
      )
      .execute()
  }
}

/** All chunks of a document, in order. */
export async function loadDocumentChunks(tx: Tx, documentId: string): Promise<Chunk[]> {
  const rows = await tx
    .withTables<Tables>()
    .selectFrom('documents.chunk')
    .selectAll()
    .where('document_id', '=', documentId)
    .orderBy('index')
    .execute()
  return rows.map(toChunk)
}

/** The chunks under these ids that are still there. */
export async function loadChunks(tx: Tx, ids: readonly string[]): Promise<Map<string, Chunk>> {
  if (ids.length === 0) return new Map()
  const rows = await tx.withTables<Tables>().selectFrom('documents.chunk').selectAll().where('id', 'in', ids).execute()
  return new Map(rows.map((row) => [row.id, toChunk(row)]))
}

/** A passage by its place in its document, which stays when the document is read anew. */
export interface ChunkPlace {
  documentId: string
  index: number
}

/** The chunks at these places that are there, in the order asked for. */
export async function loadChunksAt(tx: Tx, places: readonly ChunkPlace[]): Promise<(Chunk | null)[]> {
  const rows = await tx
    .withTables<Tables>()
    .selectFrom('documents.chunk')
    .selectAll()
    .where(({ eb, refTuple, tuple }) =>
      eb(
        refTuple('document_id', 'index'),
        'in',
        places.map(({ documentId, index }) => tuple(documentId, index)),
      ),
    )
    .execute()
  const found = new Map(rows.map((row) => [`${row.document_id} ${row.index}`, toChunk(row)]))
  return places.map(({ documentId, index }) => found.get(`${documentId} ${index}`) ?? null)
}

/** A document's chunks, page by page of the list. */
export function listChunks(
  database: Sql,
  viewer: Viewer,
  { documentId, page }: { documentId: string; page: PageRequest },
): Promise<Page<Chunk>> {
  const list: List<Row, Chunk> = {
    from: sql.table('documents.chunk'),
    where: sql`document_id = ${documentId}`,
    order: ['index'],
    cursor: z.tuple([cursorParts.count]),
    toNode: toChunk,
  }
  return listRows({ database, viewer }, list, page)
}

function toChunk(row: Row): Chunk {
  return {
    id: row.id,
    documentId: row.document_id,
    index: row.index,
    page: row.page,
    text: row.text,
    boxes: row.boxes,
    tokenCount: row.token_count,
    startMs: row.start_ms,
    endMs: row.end_ms,
  }
}
