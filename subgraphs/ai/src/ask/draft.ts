import type { AnswerMode, AnswerSentence } from '../conversations/answer.ts'

/** What a way of answering gives; no sentences mean that the sources do not hold the answer. */
export interface Draft {
  sentences: AnswerSentence[]
  mode: AnswerMode
  model: string | null
}
