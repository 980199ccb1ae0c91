import type { PageBox } from '@passerelle/platform/schema'

export const answerModes = ['EXTRACTIVE', 'GENERATIVE'] as const
export type AnswerMode = (typeof answerModes)[number]

/** Where a sentence comes from. The words and boxes are kept with the answer, so that it can be read when the source is gone. */
export interface Citation {
  marker: string
  /** Null when the source is a record, as is the passage. */
  documentId: string | null
  chunkId: string | null
  /** From 1; 0 when the source is a record. */
  page: number
  boxes: PageBox[]
  excerpt: string
  confidence: number
  /** The record that says it; answers from before records were asked have none. */
  record?: RecordSource | null
}

export const recordKinds = ['SHIPMENT', 'CLIENT', 'PROPERTY'] as const
export type RecordKind = (typeof recordKinds)[number]

/** An operational record as a source: what it was called when it was asked. */
export interface RecordSource {
  kind: RecordKind
  id: string
  title: string
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
