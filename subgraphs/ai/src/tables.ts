import type { ModelCall, ProviderName } from '@passerelle/platform/models'
import type { Generated, JSONColumnType } from 'kysely'
import type { AnswerMode, AnswerSentence } from './conversations/answer.ts'
import type { HandOverStatus } from './hand-overs/hand-over.ts'
import type { JobSource } from './jobs/job.ts'
import type { ModelTask } from './models/model-route.ts'

/** The rows of ai, as PostgreSQL has them. */
export type Tables = {
  'ai.conversation': {
    id: string
    organization_id: string
    user_id: string
    title: string
    created_at: Generated<Date>
    updated_at: Generated<Date>
  }
  'ai.answer': {
    id: string
    organization_id: string
    conversation_id: string
    user_id: string
    request_id: string | null
    question: string
    text: string
    abstained: boolean
    sentences: JSONColumnType<AnswerSentence[]>
    mode: AnswerMode
    model: string | null
    created_at: Generated<Date>
  }
  'ai.job': {
    id: string
    organization_id: string
    user_id: string | null
    task: string
    kind: ModelCall['kind']
    provider: string
    model: string
    digest: string | null
    prompt: string | null
    input: string | null
    output: string | null
    input_tokens: number | null
    output_tokens: number | null
    waited_ms: number
    duration_ms: number
    outcome: ModelCall['outcome']
    error: string | null
    started_at: Date
    /** Filled by PostgreSQL. */
    cost_micros: Generated<number>
    temperature: number | null
    context: JSONColumnType<JobSource[]> | null
    replay_of: string | null
  }
  'ai.model_price': {
    organization_id: string
    model: string
    input_micros: number
    output_micros: number
    updated_at: Generated<Date>
    updated_by: string | null
  }
  'ai.provider_consent': {
    id: string
    organization_id: string
    provider: ProviderName
    host: string
    given_by: string | null
    given_at: Generated<Date>
    withdrawn_by: string | null
    withdrawn_at: Date | null
  }
  'ai.model_route': {
    organization_id: string
    task: ModelTask
    provider: ProviderName
    model: string
    set_by: string | null
    set_at: Generated<Date>
  }
  'ai.model_backup': {
    id: string
    organization_id: string
    model: string
    copy: string
    digest: string | null
    size_bytes: number | null
    made_by: string | null
    made_at: Date
  }
  'ai.hand_over': {
    id: string
    organization_id: string
    answer_id: string
    conversation_id: string
    asker_id: string
    assignee_id: string | null
    question: string
    note: string | null
    status: HandOverStatus
    reply: string | null
    reply_document_ids: Generated<string[]>
    replier_id: string | null
    created_at: Generated<Date>
    updated_at: Generated<Date>
    taken_at: Date | null
    answered_at: Date | null
    closed_at: Date | null
  }
}
