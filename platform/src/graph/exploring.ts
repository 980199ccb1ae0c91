import type { EntityType, GraphEntity, GraphRelation, MentionRelation, Period, Place } from './graph.ts'

export interface CoMentionQuery extends Period {
  id: string
  types?: readonly EntityType[]
  limit: number
}

/**
 * An entity that is named in the same documents as another. What is on every paper is with everything, and says little: the score weighs how
 * often two are named together against how often chance would have it (log-likelihood), and more when they share pages and passages.
 */
export interface CoMention {
  entity: GraphEntity
  /** Documents in common; of these those where a page, a passage names both. */
  documents: number
  pages: number
  passages: number
  /** How many times more often than chance would have it. */
  lift: number
  score: number
}

export interface CoMentions {
  coMentions: CoMention[]
  /** True when only a sample of an entity's very many documents was read, or there are more than asked for. */
  truncated: boolean
}

export const timelineKinds = ['MENTION', 'RELATION', 'RECORD'] as const
export type TimelineKind = (typeof timelineKinds)[number]

export interface TimelineQuery extends Period {
  id: string
  kinds?: readonly TimelineKind[]
  limit: number
  /** Continues after this entry. */
  after?: TimelineKey
}

/** Where an entry stands in its timeline. */
export interface TimelineKey {
  at: Date
  tie: string
}

/** A line of a timeline: a document names the entity, something states a relation of it, or a record it is, or leads to, changed. */
export interface TimelineEntry extends TimelineKey {
  kind: TimelineKind
  /** The document that says so; null when a record does. */
  documentId: string | null
  /** The record that says so, as an entity; null when a document does. */
  recordEntityId: string | null
  /** Of a document what it says of the entity; of a relation its type; of a record what happened to it. */
  what: string
  /** The other end of a relation, and whether the relation starts at this entity. */
  otherId: string | null
  outgoing: boolean
  /** How often the document names it. */
  count: number
  place: Place | null
  confidence: number
  extractor: string
}

export interface Timeline {
  entries: TimelineEntry[]
  hasMore: boolean
}

export interface ActivityQuery extends Period {
  id: string
}

/** `month` as 2026-11. */
export interface MonthActivity {
  month: string
  documents: number
  mentions: number
}

export type RelationKey = Pick<GraphRelation, 'from' | 'to' | 'type'>

/** What states a relation: a place in a document, or a record. */
export interface RelationSource {
  documentId: string | null
  recordEntityId: string | null
  at: Date
  place: Place | null
  confidence: number
  extractor: string
}

export interface GraphStatistics {
  documents: number
  /** Documents that name nobody and nothing. */
  documentsWithoutEntities: number
  entities: number
  /** Of every document how many entities it names, added up. */
  mentions: number
  relations: number
  entitiesByType: { type: EntityType; count: number }[]
  relationsByType: { type: string; count: number }[]
  mostConnected: GraphEntity[]
  /** By the month in which documents came in, the earliest first. */
  months: MonthActivity[]
  capped: boolean
}

/** The next `limit` by id, after `after`. */
export interface ListRequest {
  after: string | null
  limit: number
}

export interface GraphDocument {
  id: string
  at: Date
  /** How many entities it names. */
  mentions: number
}

export interface RelationRow extends RelationKey {
  source: string
  at: Date
  confidence: number
  extractor: string
  page: number | null
}

export interface MentionRow {
  documentId: string
  entityId: string
  relation: MentionRelation
  count: number
  page: number
  confidence: number
  extractor: string
}
