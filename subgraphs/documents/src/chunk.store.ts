import { cursorParts, pageOf, requireAfter, type Page, type PageRequest, type Viewer, type PageBox } from '@passerelle/platform/schema'
import type { Sql, Tx } from '@passerelle/platform/sql'
import { z } from 'zod'
import type { Tables } from './tables.ts'

/** A passage of a document: what is searched and cited. */
export interface Chunk {
  id: string
  documentId: string
  index: number
  page: number
  text: string
  boxes: PageBox[]
  tokenCount: number
}

/** Replaces the document's chunks. */
export async function saveChunks(tx: Tx, { documentId, organizationId }: { documentId: string; organizationId: string }, chunks: readonly Omit<Chunk, 'documentId'>[]): Promise<void> {
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
        })),
      )
      .execute()
  }
}

/** All chunks of a document, in order. */
export async function loadDocumentChunks(tx: Tx, documentId: string): Promise<Chunk[]> {
  const rows = await tx.withTables<Tables>().selectFrom('documents.chunk').selectAll().where('document_id', '=', documentId).orderBy('index').execute()
  return rows.map(toChunk)
}

/** The chunks under these ids that are still there. */
export async function loadChunks(tx: Tx, ids: readonly string[]): Promise<Map<string, Chunk>> {
  if (ids.length === 0) return new Map()
  const rows = await tx.withTables<Tables>().selectFrom('documents.chunk').selectAll().where('id', 'in', ids).execute()
  return new Map(rows.map((row) => [row.id, toChunk(row)]))
}

/** A document's chunks, page by page of the list. */
export function listChunks(database: Sql, viewer: Viewer, documentId: string, request: PageRequest): Promise<Page<Chunk>> {
  const after = requireAfter(z.tuple([cursorParts.count]), request)
  return database.withOrganization(viewer, async (tx) => {
    const rows = await tx
      .withTables<Tables>()
      .selectFrom('documents.chunk')
      .selectAll()
      .where('document_id', '=', documentId)
      .$if(after !== null, (query) => query.where('index', '>', after?.[0] ?? -1))
      .orderBy('index')
      .limit(request.first + 1)
      .execute()
    return pageOf(rows, request, { key: (row) => [row.index], node: toChunk, total: () => countChunks(database, viewer, documentId) })
  })
}

function countChunks(database: Sql, viewer: Viewer, documentId: string): Promise<number> {
  return database.withOrganization(viewer, async (tx) => {
    const { count } = await tx
      .withTables<Tables>()
      .selectFrom('documents.chunk')
      .select((select) => select.fn.countAll<number>().as('count'))
      .where('document_id', '=', documentId)
      .executeTakeFirstOrThrow()
    return count
  })
}

function toChunk(row: { id: string; document_id: string; index: number; page: number; text: string; boxes: PageBox[]; token_count: number }): Chunk {
  return {
    id: row.id,
    documentId: row.document_id,
    index: row.index,
    page: row.page,
    text: row.text,
    boxes: row.boxes,
    tokenCount: row.token_count,
  }
}
