import type { EntityType, GraphEntity, MentionRelation, MonthActivity } from './graph.ts'
import { cypherVerbs } from './cypher.ts'
import type { PlaceRow } from './provenance.ts'

/**
 * What an engine must do so that the port's verbs run on it. `read` sees what was committed when it began; `write` runs its work in one
 * transaction that is kept whole, on disk, when it resolves, and not at all when it throws. Both throw EngineUnavailable when the engine does not
 * answer.
 */
export interface CypherEngine {
  read(statement: Statement): Promise<Row[]>
  write<T>(work: (run: (statement: Statement) => Promise<Row[]>) => Promise<T>): Promise<T>
  health(): Promise<void>
  compact(): Promise<void>
  close(): Promise<void>
}

export interface Statement {
  text: string
  parameters: Record<string, unknown>
}

export type Row = Record<string, unknown>

/** What each verb of `cypher/` answers; a verb whose rows nobody reads answers `never`. */
export interface VerbRows {
  record_documents: never
  record_entities: never
  record_mentions: never
  record_relations: never
  record_record: never
  record_applied: never
  recount_documents: never
  forget_mentions: never
  forget_document: never
  forget_relations: never
  forget_record: never
  forget_orphans: never
  forget_documents: never
  forget_entities: never
  forget_applied: never
  find_documents: { documentId: string; version: string }
  find_mentioned: { documentId: string; id: string }
  find_record_links: { id: string }
  find_applied: { position: string }
  load_entities: EntityRow
  find_entities: EntityRow
  find_document_entities: EntityRow
  count_entities: { count: number }
  count_document_entities: { count: number }
  find_documents_of_entities: { entityId: string; documentId: string; mentions: number; documents: number }
  find_co_mentions: { from: string; to: string; weight: number }
  find_relations: { id: string; from: string; to: string; type: string; weight: number }
  find_mentioning_documents: {
    documentId: string
    mentions: number
    pages: number[]
    chunks: number[]
    documents: number
  }
  find_shared_mentions: { id: string; documents: number; pages: number; passages: number }
  find_mention_timeline: Said & { documentId: string; relation: MentionRelation; count: number; tie: string }
  find_relation_timeline: Said & { source: string; type: string; otherId: string; outgoing: boolean; tie: string }
  find_record_histories: { recordEntityId: string; history: string[] }
  find_relation_sources: Said & { index: number; source: string }
  find_common_documents: CommonRow
  count_activity: MonthActivity
  count_documents: { count: number }
  count_document_months: MonthActivity & { bare: number }
  count_entity_types: { type: EntityType; count: number }
  count_relation_types: { type: string; count: number }
  list_entities: EntityRow
  list_documents: { id: string; at: string; mentions: number }
  list_relations: Omit<Said, 'chunk' | 'boxes'> & { from: string; to: string; type: string; source: string }
  list_mentions: {
    documentId: string
    entityId: string
    relation: MentionRelation
    count: number
    page: number
    confidence: number
    extractor: string
  }
}

export type Verb = keyof VerbRows

/** Runs one verb for one organisation. */
export type RunVerb = <V extends Verb>(verb: V, parameters: Record<string, unknown>) => Promise<VerbRows[V][]>

type EntityRow = GraphEntity

/** When, where, by what and how surely something is said. */
interface Said extends PlaceRow {
  at: string
  confidence: number
  extractor: string
}

interface CommonRow {
  index: number
  documentId: string
  at: string
  fromPage: number
  fromPages: number[]
  fromChunks: number[]
  fromBoxes: string | null
  fromConfidence: number
  fromExtractor: string
  toPages: number[]
  toChunks: number[]
  toBoxes: string | null
  toConfidence: number
  toExtractor: string
}

/** The verbs of one organisation, outside a transaction. */
export function readingVerbs(engine: CypherEngine, organizationId: string): RunVerb {
  return bind((statement) => engine.read(statement), organizationId)
}

/** Runs `work` in one transaction with the verbs of one organisation. */
export function writeVerbs<T>(
  engine: CypherEngine,
  organizationId: string,
  work: (run: RunVerb) => Promise<T>,
): Promise<T> {
  return engine.write((run) => work(bind(run, organizationId)))
}

function bind(run: (statement: Statement) => Promise<Row[]>, organizationId: string): RunVerb {
  return async <V extends Verb>(verb: V, parameters: Record<string, unknown>) => {
    const text = cypherVerbs.get(verb)
    if (text === undefined) throw new Error(`cypher/${verb}.cypher is not there.`)
    const rows = await run({ text, parameters: { ...parameters, organizationId } })
    return rows as VerbRows[V][]
  }
}

const rowsPerStatement = 500

/** Long lists go to the engine in pieces, so that no single call holds it, or the event loop, for long. */
export async function inBatches<T>(rows: readonly T[], send: (batch: T[]) => Promise<unknown>): Promise<void> {
  for (let start = 0; start < rows.length; start += rowsPerStatement)
    await send(rows.slice(start, start + rowsPerStatement))
}
