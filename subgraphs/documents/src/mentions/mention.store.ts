import { mentionRelations, type DocumentFacts, type EntityType, type MentionRelation } from '@passerelle/platform/graph'
import { cursorParts, type Page, type PageBox, type PageRequest, type Viewer } from '@passerelle/platform/schema'
import type { Sql, Tx } from '@passerelle/platform/sql'
import { listRows, type List } from '@passerelle/platform/sql/list'
import { sql, type Selectable } from 'kysely'
import { z } from 'zod'
import type { Tables } from '../tables.ts'

type Row = Selectable<Tables['documents.mention']>

/** A place on a page that names an entity. */
interface Place {
  page: number
  boxes: PageBox[]
  excerpt: string
  confidence: number
  extractor: string
  relation: MentionRelation
  /** The index of the passage that holds it; null when none does. */
  chunk: number | null
}

/** A place in a document that names an entity. */
export interface Mention extends Place {
  documentId: string
}

/** The same, with the entity it names, before it is written. */
export interface NewMention extends Place {
  entityId: string
  entityType: EntityType
  kind: string | null
  key: string
  name: string
}

/** What a place says of two entities. */
export interface NewRelation extends Pick<Place, 'page' | 'boxes' | 'chunk' | 'extractor'> {
  from: string
  to: string
  type: string
  confidence: number
}

/** Replaces what the document mentions and says of it. */
export async function saveMentions(
  tx: Tx,
  { documentId, organizationId }: { documentId: string; organizationId: string },
  { mentions, relations }: { mentions: readonly NewMention[]; relations: readonly NewRelation[] },
): Promise<void> {
  const tables = tx.withTables<Tables>()
  await tables.deleteFrom('documents.mention').where('document_id', '=', documentId).execute()
  await tables.deleteFrom('documents.relation').where('document_id', '=', documentId).execute()
  for (let start = 0; start < mentions.length; start += 500) {
    await tables
      .insertInto('documents.mention')
      .values(
        mentions.slice(start, start + 500).map(({ entityId, entityType, boxes, ...mention }) => ({
          ...mention,
          organization_id: organizationId,
          document_id: documentId,
          entity_id: entityId,
          entity_type: entityType,
          boxes: JSON.stringify(boxes),
        })),
      )
      .execute()
  }
  for (let start = 0; start < relations.length; start += 500) {
    await tables
      .insertInto('documents.relation')
      .values(
        relations.slice(start, start + 500).map(({ from, to, boxes, ...relation }) => ({
          ...relation,
          boxes: JSON.stringify(boxes),
          organization_id: organizationId,
          document_id: documentId,
          from_entity: from,
          to_entity: to,
        })),
      )
      .onConflict((conflict) => conflict.doNothing())
      .execute()
  }
}

/** What the graph keeps of documents: each entity once, with the mention that says most of it and where else it is named. */
export async function loadDocumentFacts(
  tx: Tx,
  documents: readonly Pick<DocumentFacts, 'documentId' | 'at' | 'version'>[],
): Promise<DocumentFacts[]> {
  if (documents.length === 0) return []
  const ids = documents.map(({ documentId }) => documentId)
  const tables = tx.withTables<Tables>()
  const mentions = await tables
    .selectFrom('documents.mention')
    .distinctOn(['document_id', 'entity_id'])
    .select(['document_id', 'entity_id', 'entity_type', 'kind', 'key', 'name', 'confidence', 'extractor', 'relation'])
    .select(['page', 'chunk', 'boxes'])
    .where('document_id', 'in', ids)
    .orderBy('document_id')
    .orderBy('entity_id')
    .orderBy(sql`array_position(${[...mentionRelations]}::text[], relation)`)
    .orderBy('confidence', 'desc')
    .orderBy('id')
    .execute()
  const places = await loadPlaces(tx, ids)
  const relations = await tables
    .selectFrom('documents.relation')
    .select(['document_id', 'from_entity as from', 'to_entity as to', 'type', 'confidence'])
    .select(['page', 'chunk', 'boxes', 'extractor'])
    .where('document_id', 'in', ids)
    .execute()
  const mentionsOf = Map.groupBy(mentions, (row) => row.document_id)
  const relationsOf = Map.groupBy(relations, (row) => row.document_id)
  return documents.map(({ documentId, at, version }) => ({
    documentId,
    at,
    version,
    mentions: (mentionsOf.get(documentId) ?? []).map(
      ({ document_id: _, entity_id: id, entity_type: type, ...mention }) => ({
        ...mention,
        ...(places.get(`${documentId} ${id}`) ?? { count: 1, pages: [mention.page], chunks: [] }),
        id,
        type,
      }),
    ),
    relations: (relationsOf.get(documentId) ?? []).map(({ document_id: _, ...relation }) => relation),
  }))
}

/** How often, and on which pages and in which passages, documents name each entity; by document and entity. */
async function loadPlaces(
  tx: Tx,
  documentIds: readonly string[],
): Promise<Map<string, { count: number; pages: number[]; chunks: number[] }>> {
  const rows = await tx
    .withTables<Tables>()
    .selectFrom('documents.mention')
    .select(['document_id', 'entity_id', (select) => select.fn.countAll<number>().as('count')])
    .select(sql<number[]>`array_agg(distinct page order by page)`.as('pages'))
    .select(
      sql<number[]>`coalesce(array_agg(distinct chunk order by chunk) filter (where chunk is not null), '{}')`.as(
        'chunks',
      ),
    )
    .where('document_id', 'in', documentIds)
    .groupBy(['document_id', 'entity_id'])
    .execute()
  return new Map(rows.map(({ document_id, entity_id, ...place }) => [`${document_id} ${entity_id}`, place]))
}

/** The mentions of an entity; in some documents only, when they are named. */
export interface MentionsOf {
  entityId: string
  documentIds?: readonly string[] | null | undefined
}

/** Every place that names the entity, oldest document first. */
export function listMentions(
  database: Sql,
  viewer: Viewer,
  { entityId, documentIds, page }: MentionsOf & { page: PageRequest },
): Promise<Page<Mention>> {
  const list: List<Row, Mention> = {
    from: sql.table('documents.mention'),
    where: documentIds
      ? sql`entity_id = ${entityId} and document_id = any(${documentIds}::text[])`
      : sql`entity_id = ${entityId}`,
    order: ['id'],
    cursor: z.tuple([cursorParts.serial]),
    toNode: toMention,
  }
  return listRows({ database, viewer }, list, page)
}

function toMention(row: Row): Mention {
  return {
    documentId: row.document_id,
    page: row.page,
    boxes: row.boxes,
    excerpt: row.excerpt,
    confidence: row.confidence,
    extractor: row.extractor,
    relation: row.relation,
    chunk: row.chunk,
  }
}

/** How often each entity is mentioned. */
export function countMentions(
  database: Sql,
  viewer: Viewer,
  entityIds: readonly string[],
): Promise<Map<string, number>> {
  return database.withOrganization(viewer, async (tx) => {
    const rows = await tx
      .withTables<Tables>()
      .selectFrom('documents.mention')
      .select(['entity_id', (select) => select.fn.countAll<number>().as('count')])
      .where('entity_id', 'in', entityIds)
      .groupBy('entity_id')
      .execute()
    return new Map(rows.map((row) => [row.entity_id, row.count]))
  })
}
