import type { ModelCall } from '@passerelle/platform/models'
import type { Generated, JSONColumnType } from 'kysely'
import type { AnswerMode, AnswerSentence } from './answer.ts'

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
  }
}
