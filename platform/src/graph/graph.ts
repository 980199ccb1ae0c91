/**
 * The knowledge graph: verbs, not a query language. Each verb is made of files of `cypher/`, run as they are by every engine; the port adds
 * `$organizationId` to their parameters, and every pattern of every file carries it.
 *
 * Shape: (:Entity {organizationId, id, type, kind, key, name, aliases, search, documents, recordType, recordId}),
 * (:Document {organizationId, id, version, mentions}), (Document)-[:MENTIONS {relation, count, confidence, page, extractor}]->(Entity),
 * (Entity)-[:RELATED {type, source, confidence}]->(Entity) where type is WORKS_FOR, IDENTIFIES … and source is the id of the document, or of
 * the RECORD entity, that states it; (:Applied {organizationId, consumer, position}).
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

  /** The position in the fact log that a consumer has applied to this engine; '0' when it never did. */
  applied(organizationId: string, consumer: string): Promise<string>
  setApplied(organizationId: string, consumer: string, position: string): Promise<void>
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

export interface DocumentFacts {
  documentId: string
  /** Changes whenever the document's mentions do. */
  version: string
  mentions: readonly (EntityFacts & {
    relation: MentionRelation
    count: number
    confidence: number
    page: number
    extractor: string
  })[]
  relations: readonly { from: string; to: string; type: string; confidence: number }[]
}

export interface RecordFacts {
  entity: EntityFacts
  recordType: string
  recordId: string
  identifiers: readonly EntityFacts[]
}

export interface GraphEntity extends EntityFacts {
  aliases: string[]
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

export interface NeighbourQuery {
  id: string
  types?: readonly EntityType[]
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
}
