import type { PageBox } from '../schema/box.ts'
import type {
  ActivityQuery,
  CoMentionQuery,
  CoMentions,
  GraphDocument,
  GraphStatistics,
  ListRequest,
  MentionRow,
  MonthActivity,
  RelationKey,
  RelationRow,
  RelationSource,
  Timeline,
  TimelineQuery,
} from './exploring.ts'

export * from './exploring.ts'

/**
 * The knowledge graph: verbs, not a query language. Each verb is made of files of `cypher/`, run as they are by every engine; the port adds
 * `$organizationId` to their parameters, and every pattern of every file carries it.
 *
 * Shape: (:Entity {organizationId, id, type, kind, key, name, aliases, search, documents, recordType, recordId, history}),
 * (:Document {organizationId, id, version, at, mentions}),
 * (Document)-[:MENTIONS {relation, count, confidence, extractor, page, chunk, boxes, pages, chunks}]->(Entity),
 * (Entity)-[:RELATED {type, source, at, confidence, extractor, page, chunk, boxes}]->(Entity) where type is WORKS_FOR, IDENTIFIES … and source is
 * the id of the document, or of the RECORD entity, that states it; (:Applied {organizationId, consumer, position}). `at` is the moment a document
 * came in or a record last changed, as ISO 8601 text in UTC, which sorts as it is; `boxes` are places on pages, packed (provenance.ts).
 *
 * Promises: writes are idempotent and atomic per call; a write that resolved survives a kill -9; reads never cross organisations; depth is at
 * most 4 and rows are capped, and `truncated` says so. An entity nobody mentions and no record stands behind is gone with its last source.
 * An engine that does not answer throws EngineUnavailable; a depth, limit or relation that makes no sense is refused with InvalidInput.
 */
export interface Graph {
  /**
   * Replaces everything the document said before: its mentions and its relations. The version the graph already holds is not written again. Both
   * ends of a relation are among the mentions, else InvalidInput: what depends on other documents would depend on their order.
   */
  recordDocument(organizationId: string, document: DocumentFacts): Promise<void>
  /**
   * The same for several, in one transaction: all of them, or none when one is refused. Of a document that is given twice the last is written. Who
   * has many gives them in parts: a transaction is held in memory, and the organisation's other writers wait for it.
   */
  recordDocuments(organizationId: string, documents: readonly DocumentFacts[]): Promise<void>
  forgetDocument(organizationId: string, documentId: string): Promise<void>
  /**
   * An operational record as a RECORD entity, with the identifiers and names that lead to it: (identifier)-[RELATED IDENTIFIES]->(record).
   * Replaces its former name and links.
   */
  recordRecord(organizationId: string, record: RecordFacts): Promise<void>
  forgetRecord(organizationId: string, entityId: string): Promise<void>

  /** In no order; ids that are not there are left out. */
  loadEntities(organizationId: string, ids: readonly string[]): Promise<GraphEntity[]>
  findEntities(organizationId: string, query: EntityQuery): Promise<{ entities: GraphEntity[]; hasMore: boolean }>
  countEntities(organizationId: string, query: Pick<EntityQuery, 'search' | 'types'>): Promise<number>
  /** The most mentioned first, then name, then id. */
  entitiesOfDocument(
    organizationId: string,
    query: DocumentEntityQuery,
  ): Promise<{ entities: GraphEntity[]; hasMore: boolean }>
  countEntitiesOfDocument(
    organizationId: string,
    query: Pick<DocumentEntityQuery, 'documentId' | 'types'>,
  ): Promise<number>
  /**
   * Entities within `depth` steps, nearest first, then by weight, then id: a step is a RELATED relation or a common document (RELATED_TO, weight
   * = documents in common). The walk goes through entities of every type; `types` says which are returned. `via` is the entity one step nearer;
   * relations are those among the returned ones and the start. Of an entity in very many documents a bounded sample is walked (the documents that
   * mention it most, then the latest) and `truncated` is true. An unknown start has no neighbours.
   */
  neighbours(organizationId: string, query: NeighbourQuery): Promise<Neighbourhood>
  /** A shortest path over the same steps, ends included, with the relation of each step; null when there is none within `maxDepth`. */
  path(organizationId: string, query: PathQuery): Promise<GraphPath | null>

  /** What is named in the same documents, what is surprisingly often so first; see CoMention. An unknown entity has none. */
  coMentions(organizationId: string, query: CoMentionQuery): Promise<CoMentions>
  /** What documents and records say of an entity over time, the newest first. */
  timeline(organizationId: string, query: TimelineQuery): Promise<Timeline>
  /** How much documents say of an entity, by the month in which they came in, the earliest first; months without anything are left out. */
  activity(organizationId: string, query: ActivityQuery): Promise<MonthActivity[]>
  /** For each relation what states it, the newest first, at most `limit` each: for RELATED_TO the documents in common. */
  relationSources(
    organizationId: string,
    query: { relations: readonly RelationKey[]; limit: number },
  ): Promise<RelationSource[][]>
  /** What the organisation's graph is made of. Each count stops at a cap, and `capped` says so. */
  statistics(organizationId: string): Promise<GraphStatistics>

  /** Everything, in pages by id, for whoever takes the graph away: what is written meanwhile may be in it or not. */
  listEntities(organizationId: string, request: ListRequest): Promise<GraphEntity[]>
  listDocuments(organizationId: string, request: ListRequest): Promise<GraphDocument[]>
  /** The relations that start at these entities. */
  listRelations(organizationId: string, entityIds: readonly string[]): Promise<RelationRow[]>
  /** The mentions of these documents. */
  listMentions(organizationId: string, documentIds: readonly string[]): Promise<MentionRow[]>

  /** The position in the fact log that a consumer has applied to this engine; '0' when it never did. */
  applied(organizationId: string, consumer: string): Promise<string>
  setApplied(organizationId: string, consumer: string, position: string): Promise<void>
  /**
   * Removes everything of the organisation, the positions of its consumers first. In many transactions, so that no call is long: nobody may write
   * meanwhile, and one that was cut short is called again.
   */
  forgetAll(organizationId: string): Promise<void>
  /**
   * What was forgotten before is in no file of an embedded engine any more. A server of one's own takes the space again when it wants it, and keeps its
   * transaction log for as long as it is told to.
   */
  compact(): Promise<void>
  health(): Promise<void>
  close(): Promise<void>
}

export const entityTypes = ['PERSON', 'ORGANIZATION', 'PLACE', 'TOPIC', 'EVENT', 'IDENTIFIER', 'RECORD'] as const
export type EntityType = (typeof entityTypes)[number]

/** What a document says of an entity, the strongest first: it is from it, it is about it, it names it. */
export const mentionRelations = ['WRITTEN_BY', 'ABOUT', 'MENTIONS'] as const
export type MentionRelation = (typeof mentionRelations)[number]

export interface EntityFacts {
  id: string
  type: EntityType
  kind: string | null
  key: string
  name: string
}

/** Where a document says something: the page it begins on, the passage that holds it, and the words, line by line. */
export interface Place {
  page: number
  /** The index of the passage; null when none holds it. */
  chunk: number | null
  boxes: readonly PageBox[]
}

export interface DocumentFacts {
  documentId: string
  /** Changes whenever the document's mentions do. */
  version: string
  /** When the document came in. */
  at: Date
  /** With the place that says most of the entity, and all pages and passages that name it. */
  mentions: readonly (EntityFacts &
    Place & {
      relation: MentionRelation
      count: number
      confidence: number
      extractor: string
      pages: readonly number[]
      chunks: readonly number[]
    })[]
  relations: readonly (Place & { from: string; to: string; type: string; confidence: number; extractor: string })[]
}

export interface RecordFacts {
  entity: EntityFacts
  recordType: string
  recordId: string
  identifiers: readonly EntityFacts[]
  /** What happened to the record, such as CREATED or DELIVERED, and when. */
  change: { at: Date; what: string }
}

export interface GraphEntity extends EntityFacts {
  aliases: string[]
  /** How many documents name it. */
  documents: number
  recordType: string | null
  recordId: string | null
}

export interface EntityQuery {
  /** Matches name, alias or key: case- and accent-insensitive, any position. Best-known (most documents) first, then name, then id. */
  search?: string
  types?: readonly EntityType[]
  limit: number
  offset: number
}

export interface DocumentEntityQuery {
  documentId: string
  types?: readonly EntityType[]
  limit: number
  offset: number
}

/** Of documents by when they came in, of records by when they last changed: from `since` on, and before `until`. */
export interface Period {
  since?: Date
  until?: Date
}

export interface NeighbourQuery extends Period {
  id: string
  types?: readonly EntityType[]
  /** The walk takes only these, such as WORKS_FOR or RELATED_TO. */
  relations?: readonly string[]
  depth: number
  limit: number
}

export interface GraphNeighbour {
  entity: GraphEntity
  relation: string
  weight: number
  distance: number
  via: string
}

export interface GraphRelation {
  from: string
  to: string
  type: string
  weight: number
}

export interface Neighbourhood {
  neighbours: GraphNeighbour[]
  relations: GraphRelation[]
  truncated: boolean
}

export interface PathQuery {
  from: string
  to: string
  maxDepth: number
}

export interface GraphPath {
  entities: GraphEntity[]
  relations: string[]
  /** Each step from the entity before to the one behind, as `relations` names it. */
  steps: GraphRelation[]
}
