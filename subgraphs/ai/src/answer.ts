import type { PageBox } from '@passerelle/platform/schema'

export const answerModes = ['EXTRACTIVE', 'GENERATIVE'] as const
export type AnswerMode = (typeof answerModes)[number]

/** Where a sentence comes from. The words and boxes are kept with the answer, so that it can be read when the source is gone. */
export interface Citation {
  marker: string
  documentId: string
  chunkId: string
  page: number
  boxes: PageBox[]
  excerpt: string
  confidence: number
}

export interface AnswerSentence {
  text: string
  /** False when no source says it. */
  supported: boolean
  citations: Citation[]
}

export interface Answer {
  id: string
  organizationId: string
  userId: string
  conversationId: string
  requestId: string | null
  question: string
  text: string
  abstained: boolean
  sentences: AnswerSentence[]
  mode: AnswerMode
  model: string | null
  createdAt: Date
}
