import { sql } from 'kysely'
import { pageOf, type Page, type PageRequest, type Viewer } from '@passerelle/platform/schema'
import type { Sql, Tx } from '@passerelle/platform/sql'
import type { Document } from './document.ts'
import { toDocument } from './document.store.ts'
import type { Tables } from './tables.ts'

/** The documents that mention at least one of the entities, newest first. */
export function listDocumentsOf(database: Sql, viewer: Viewer, entityIds: readonly string[], request: PageRequest): Promise<Page<Document>> {
  const after = request.after
  return database.withOrganization(viewer, async (tx) => {
    const rows =
      entityIds.length === 0
        ? []
        : await tx
            .withTables<Tables>()
            .selectFrom('documents.document')
            .selectAll()
            .where('id', 'in', mentioning(tx, entityIds))
            .$if(after !== null, (query) => query.where('id', '<', String(after?.[0])))
            .orderBy('id', 'desc')
            .limit(request.first + 1)
            .execute()
    return pageOf(rows, request, { key: (row) => [row.id], node: toDocument, total: () => count(database, viewer, entityIds) })
  })
}

function mentioning(tx: Tx, entityIds: readonly string[]) {
  return tx.withTables<Tables>().selectFrom('documents.mention').select('document_id').where('entity_id', 'in', entityIds)
}

function count(database: Sql, viewer: Viewer, entityIds: readonly string[]): Promise<number> {
  if (entityIds.length === 0) return Promise.resolve(0)
  return database.withOrganization(viewer, async (tx) => {
    const row = await tx
      .withTables<Tables>()
      .selectFrom('documents.mention')
      .select(sql<number>`count(distinct document_id)`.as('count'))
      .where('entity_id', 'in', entityIds)
      .executeTakeFirstOrThrow()
    return row.count
  })
}
