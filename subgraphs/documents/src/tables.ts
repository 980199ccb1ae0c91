import type { PageBox } from '@passerelle/platform/schema'
import type { Generated, JSONColumnType } from 'kysely'
import type { EntityType, MentionRelation } from '@passerelle/platform/graph'
import type { SegmentRow, WordRow } from './pages/page.row.ts'
import type { Stage } from './status/status.ts'

/** The rows of documents, as PostgreSQL has them. */
export type Tables = {
  'documents.document': {
    id: string
    organization_id: string
    title: string
    sort_title: string
    filename: string
    search: string
    content_type: string
    size: number
    hash: string | null
    same_as: string | null
    parent_id: string | null
    kind: string | null
    language: string | null
    page_count: number | null
    run: Generated<number>
    attempts: Generated<number>
    stage: Generated<Stage>
    progress: Generated<number>
    error_code: string | null
    error_message: string | null
    degraded: Generated<Stage[]>
    embedding_model: string | null
    embedding_due: Generated<Date>
    reembedding_due: Generated<Date>
    duration_ms: number | null
    file_withheld: 'ERASED' | 'LEGAL_HOLD' | null
    withheld_at: Date | null
    cursor: Generated<number>
    created_by: string | null
    created_at: Generated<Date>
    updated_at: Generated<Date>
  }
  'documents.stage': {
    organization_id: string
    document_id: string
    run: number
    stage: Stage
    started_at: Generated<Date>
    finished_at: Date | null
  }
  'documents.page': {
    organization_id: string
    document_id: string
    number: number
    width: number
    height: number
    text: string
    recognized: boolean
    confidence: number | null
    needs_recognition: Generated<boolean>
    words: JSONColumnType<WordRow[]>
    headings: JSONColumnType<{ start: number; end: number; level: number }[]>
    segments: JSONColumnType<SegmentRow[]> | null
  }
  'documents.arrival': {
    organization_id: string
    hash: string
    arrived_at: Generated<Date>
  }
  'documents.chunk': {
    id: string
    organization_id: string
    document_id: string
    index: number
    page: number
    text: string
    boxes: JSONColumnType<PageBox[]>
    token_count: number
    start_ms: number | null
    end_ms: number | null
  }
  'documents.mention': {
    id: Generated<number>
    organization_id: string
    document_id: string
    entity_id: string
    entity_type: EntityType
    kind: string | null
    key: string
    name: string
    page: number
    boxes: JSONColumnType<PageBox[]>
    excerpt: string
    confidence: number
    extractor: string
    relation: MentionRelation
    chunk: number | null
  }
  'documents.collection': {
    id: string
    organization_id: string
    name: string
    name_key: string
    sort_name: string
    search: string
    description: string | null
    created_by: string | null
    created_at: Generated<Date>
  }
  'documents.collection_document': {
    organization_id: string
    collection_id: string
    document_id: string
    added_at: Generated<Date>
  }
  'documents.client_share': {
    organization_id: string
    document_id: string
    client_id: string
    shared_by: string | null
    shared_at: Generated<Date>
  }
  'documents.relation': {
    organization_id: string
    document_id: string
    from_entity: string
    to_entity: string
    type: string
    confidence: number
    page: number
    chunk: number | null
    boxes: JSONColumnType<PageBox[]>
    extractor: string
  }
}
