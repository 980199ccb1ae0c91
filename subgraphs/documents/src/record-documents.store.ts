import { sql, type ExpressionBuilder } from 'kysely'
import { cursorParts, pageOf, requireAfter, type Page, type PageRequest, type Viewer } from '@passerelle/platform/schema'
import type { Sql } from '@passerelle/platform/sql'
import { z } from 'zod'
import type { Document } from './document.ts'
import { toDocument } from './document.store.ts'
import type { Tables } from './tables.ts'

/** Documents that mention one of the entities, or are among those named. */
export interface DocumentsOf {
  entityIds: readonly string[]
  documentIds: readonly string[]
}

/** Newest first. */
export function listDocumentsOf(database: Sql, viewer: Viewer, wanted: DocumentsOf, request: PageRequest): Promise<Page<Document>> {
  const after = requireAfter(z.tuple([cursorParts.id('doc')]), request)
  return database.withOrganization(viewer, async (tx) => {
    const rows = await tx
      .withTables<Tables>()
      .selectFrom('documents.document')
      .selectAll()
      .where((where) => isWanted(where, wanted))
      .$if(after !== null, (query) => query.where('id', '<', after?.[0] ?? ''))
      .orderBy('id', 'desc')
      .limit(request.first + 1)
      .execute()
    return pageOf(rows, request, { key: (row) => [row.id], node: toDocument, total: () => count(database, viewer, wanted) })
  })
}

function count(database: Sql, viewer: Viewer, wanted: DocumentsOf): Promise<number> {
  return database.withOrganization(viewer, async (tx) => {
    const row = await tx
      .withTables<Tables>()
      .selectFrom('documents.document')
      .select((select) => select.fn.countAll<number>().as('count'))
      .where((where) => isWanted(where, wanted))
      .executeTakeFirstOrThrow()
    return row.count
  })
}

function isWanted(where: ExpressionBuilder<Tables, 'documents.document'>, { entityIds, documentIds }: DocumentsOf) {
  return where.and([
    where('same_as', 'is', null),
    where.or([
      where('id', '=', sql<string>`any(${[...documentIds]}::text[])`),
      where('id', 'in', (mentioning) =>
        mentioning.selectFrom('documents.mention').select('document_id').where('entity_id', '=', sql<string>`any(${[...entityIds]}::text[])`),
      ),
    ]),
  ])
}
