import { sql, type RawBuilder, type Selectable } from 'kysely'
import { requireSearch, searchCondition } from '@passerelle/platform/records'
import { cursorParts, type Page, type PageRequest, type Viewer } from '@passerelle/platform/schema'
import type { Sql } from '@passerelle/platform/sql'
import { listRows, type List } from '@passerelle/platform/sql/list'
import { z } from 'zod'
import { documentCondition, requireDocumentFilter, type DocumentFilter } from './document-filter.ts'
import type { Document } from './document.ts'
import { toDocument } from './document.store.ts'
import type { Stage } from '../status/status.ts'
import type { Tables } from '../tables.ts'

type DocumentList = List<Selectable<Tables['documents.document']>, Document>

export type DocumentOrder = 'CREATED_DESC' | 'CREATED_ASC' | 'TITLE_ASC'

export interface DocumentQuery extends DocumentFilter {
  search?: string | null | undefined
  stages?: readonly Stage[] | null | undefined
  order: DocumentOrder
}

// Ids sort by creation.
const byCreation = { order: ['id'], cursor: z.tuple([cursorParts.id('doc')]) } satisfies Partial<DocumentList>
const byTitle = {
  order: ['sort_title', 'id'],
  cursor: z.tuple([cursorParts.name, cursorParts.id('doc')]),
} satisfies Partial<DocumentList>

/**
 * The organisation's documents, searched by title and file name without regard to case and accents. Uploads whose bytes have not arrived are
 * among them. InvalidInput for a search of more than 200 characters, or a filter of too many.
 */
export function listDocuments(
  database: Sql,
  viewer: Viewer,
  { query, page }: { query: DocumentQuery; page: PageRequest },
): Promise<Page<Document>> {
  const list: DocumentList = {
    ...(query.order === 'TITLE_ASC' ? byTitle : byCreation),
    from: sql.table('documents.document'),
    where: matching(query),
    descending: query.order === 'CREATED_DESC',
    toNode: toDocument,
  }
  return listRows({ database, viewer }, list, page)
}

function matching({ search, stages, ...filter }: DocumentQuery): RawBuilder<boolean> {
  const wanted = requireSearch(search)
  const all = [sql<boolean>`same_as is null`, documentCondition(requireDocumentFilter(filter))]
  if (wanted) all.push(searchCondition('search', wanted))
  if (stages) all.push(sql`stage = any(${stages})`)
  return sql.join(all, sql` and `)
}

/** Documents that mention one of the entities, or are among those named. */
export interface DocumentsOf {
  entityIds: readonly string[]
  documentIds: readonly string[]
}

/** Newest first. */
export function listDocumentsOf(
  database: Sql,
  viewer: Viewer,
  { entityIds, documentIds, page }: DocumentsOf & { page: PageRequest },
): Promise<Page<Document>> {
  const list: DocumentList = {
    ...byCreation,
    from: sql.table('documents.document'),
    where: sql`same_as is null and id in (
      select unnest(${documentIds}::text[])
      union select document_id from documents.mention where entity_id = any(${entityIds}::text[]))`,
    descending: true,
    toNode: toDocument,
  }
  return listRows({ database, viewer }, list, page)
}
