import type { Selectable } from 'kysely'
import { searchColumn, sortName } from '@passerelle/platform/records'
import type { Tx } from '@passerelle/platform/sql'
import type { Document } from './document.ts'
import type { Tables } from '../tables.ts'

export type DocumentRow = Selectable<Tables['documents.document']>

export function toDocument(row: DocumentRow): Document {
  return {
    id: row.id,
    organizationId: row.organization_id,
    title: row.title,
    filename: row.filename,
    contentType: row.content_type,
    size: row.size,
    hash: row.hash,
    withheld: row.file_withheld !== null,
    kind: row.kind,
    language: row.language,
    pageCount: row.page_count,
    durationMs: row.duration_ms,
    embeddingModel: row.embedding_model,
    run: row.run,
    status: {
      stage: row.stage,
      progress: row.progress,
      error: row.error_code ? { code: row.error_code, message: row.error_message ?? '' } : null,
      degraded: row.degraded,
      cursor: String(row.cursor),
      updatedAt: row.updated_at,
    },
    createdAt: row.created_at,
  }
}

export async function insertDocument(
  tx: Tx,
  document: {
    id: string
    organizationId: string
    title: string
    filename: string
    size: number
    contentType: string
    createdBy: string | null
    parentId?: string
    /** Where the log stood before: whoever follows the document need not look further back. */
    cursor?: string
  },
): Promise<void> {
  await tx
    .withTables<Tables>()
    .insertInto('documents.document')
    .values({
      id: document.id,
      organization_id: document.organizationId,
      title: document.title,
      sort_title: sortName(document.title),
      filename: document.filename,
      search: searchColumn([document.title, document.filename]),
      content_type: document.contentType,
      size: document.size,
      created_by: document.createdBy,
      parent_id: document.parentId ?? null,
      ...(document.cursor && { cursor: Number(document.cursor) }),
    })
    .execute()
}

/** The document under each id, following ids that turned out to be another document's. */
export async function loadDocuments(tx: Tx, ids: readonly string[]): Promise<Map<string, Document>> {
  if (ids.length === 0) return new Map()
  const tables = tx.withTables<Tables>()
  const rows = await tables.selectFrom('documents.document').selectAll().where('id', 'in', ids).execute()
  const targets = rows.flatMap((row) => row.same_as ?? [])
  const others =
    targets.length > 0
      ? await tables.selectFrom('documents.document').selectAll().where('id', 'in', targets).execute()
      : []
  const byId = new Map([...rows, ...others].map((row) => [row.id, row]))
  const found = new Map<string, Document>()
  for (const row of rows) {
    const target = row.same_as ? byId.get(row.same_as) : row
    if (target) found.set(row.id, toDocument(target))
  }
  return found
}

/** The document under the id, or the one it means. */
export async function findDocument(tx: Tx, id: string): Promise<Document | null> {
  return (await loadDocuments(tx, [id])).get(id) ?? null
}

/** Writes what reading found out about the document. */
export async function saveReading(
  tx: Tx,
  id: string,
  found: {
    contentType?: string
    pageCount?: number
    durationMs?: number
    language?: string | null
    kind?: string | null
    embeddingModel?: string | null
  },
): Promise<void> {
  await tx
    .withTables<Tables>()
    .updateTable('documents.document')
    .set({
      ...(found.contentType !== undefined && { content_type: found.contentType }),
      ...(found.pageCount !== undefined && { page_count: found.pageCount }),
      ...(found.durationMs !== undefined && { duration_ms: found.durationMs }),
      ...(found.language !== undefined && { language: found.language }),
      ...(found.kind !== undefined && { kind: found.kind }),
      ...(found.embeddingModel !== undefined && { embedding_model: found.embeddingModel }),
    })
    .where('id', '=', id)
    .execute()
}

/** Nobody else changes or deletes the row until the transaction ends. */
export async function lockDocument(tx: Tx, id: string): Promise<void> {
  await tx
    .withTables<Tables>()
    .selectFrom('documents.document')
    .select('id')
    .where('id', '=', id)
    .forNoKeyUpdate()
    .execute()
}

export async function deleteDocumentRow(tx: Tx, id: string): Promise<void> {
  await tx.withTables<Tables>().deleteFrom('documents.document').where('id', '=', id).execute()
}
