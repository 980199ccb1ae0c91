import { newId } from '@passerelle/platform/ids'
import { EngineUnavailable, parseInput, Refusal, type Viewer } from '@passerelle/platform/schema'
import type { Platform } from '@passerelle/platform/subgraph'
import { z } from 'zod'
import { findByRequest, saveAnswer } from '../answer.store.ts'
import type { Answer, AnswerMode, AnswerSentence } from '../answer.ts'
import { findConversation, insertConversation, touchConversation } from '../conversation.store.ts'
import { createCiter } from './cite.ts'
import { createRuns, type AskEvent } from './events.ts'
import { extract } from './extractive.ts'
import { generate } from './generative.ts'
import { abstention } from './abstention.ts'
import { askInput, unknownConversation, type AskInput } from './request.ts'
import { retrieve } from './retrieval.ts'
import { rememberTurns } from './turns.ts'

/** What a way of answering gives; null text means that the sources do not hold the answer. */
export interface Draft {
  sentences: AnswerSentence[]
  mode: AnswerMode
  model: string | null
}

const defaultTopK = 8
const runs = createRuns()

/**
 * Answers a question from the documents that the viewer may read. The events end with the answer or a refusal. With a `requestId` a repeated
 * call hears the first one's words and answer.
 */
export async function ask(platform: Platform, viewer: Viewer, input: z.input<typeof askInput>): Promise<AsyncIterableIterator<AskEvent>> {
  const request = parseInput(askInput, input)
  const userId = viewer.userId ?? ''
  const kept = request.requestId
    ? await platform.sql.withOrganization(viewer, (tx) => findByRequest(tx, userId, request.requestId ?? ''))
    : null
  const key = `${viewer.organizationId}:${userId}:${request.requestId ?? newId('req')}`
  return runs.join(key, (emit, signal) => (kept ? replay(kept, emit) : answer({ platform, viewer, request, emit, signal })), toRefusal)
}

interface Asking {
  platform: Platform
  viewer: Viewer
  request: AskInput
  emit: (text: string) => void
  signal: AbortSignal
}

async function answer(asking: Asking): Promise<Answer> {
  const { platform, viewer, request, signal } = asking
  const conversationId = await requireConversation(asking)
  const passages = await retrieve(platform.readGraph, {
    viewer,
    question: request.question,
    documentIds: request.documentIds ?? null,
    first: request.topK ?? defaultTopK,
    signal,
  })
  const citer = createCiter(platform.readGraph, { viewer, signal })
  const draft = await write({ ...asking, conversationId, passages, citer })
  const abstained = draft.sentences.length === 0
  const text = abstained ? abstention(request.question) : draft.sentences.map((sentence) => sentence.text).join(' ')
  if (abstained) asking.emit(text)
  const kept = await platform.sql.withOrganization(viewer, async (tx) => {
    await touchConversation(tx, conversationId)
    return saveAnswer(tx, {
      id: newId('ans'),
      organizationId: viewer.organizationId,
      userId: viewer.userId ?? '',
      conversationId,
      requestId: request.requestId ?? null,
      question: request.question,
      text,
      abstained,
      ...draft,
      createdAt: new Date(),
    })
  })
  await rememberTurns(platform, viewer, kept)
  return kept
}

type Writing = Parameters<typeof generate>[0]

/** A model writes when one answers; when it fails before its first word, or there is none, the sources speak for themselves. */
async function write(writing: Writing): Promise<Draft> {
  if (writing.passages.length === 0) return { sentences: [], mode: 'EXTRACTIVE', model: null }
  let spoken = false
  const emit = (text: string): void => {
    spoken = true
    writing.emit(text)
  }
  if (writing.platform.models.capabilities().chat) {
    try {
      return await generate({ ...writing, emit })
    } catch (error) {
      if (!(error instanceof EngineUnavailable) || spoken) throw error
    }
  }
  return extract(writing)
}

async function requireConversation({ platform, viewer, request }: Asking): Promise<string> {
  const userId = viewer.userId ?? ''
  return platform.sql.withOrganization(viewer, async (tx) => {
    if (request.conversationId) {
      if (!(await findConversation(tx, userId, request.conversationId))) throw unknownConversation()
      return request.conversationId
    }
    const id = newId('cnv')
    const title = request.question.length > 80 ? `${request.question.slice(0, 79)}…` : request.question
    await insertConversation(tx, { id, organizationId: viewer.organizationId, userId, title })
    return id
  })
}

function replay(kept: Answer, emit: (text: string) => void): Promise<Answer> {
  emit(kept.text)
  return Promise.resolve(kept)
}

/** Refusals are told; anything else is a bug, and stays one. */
function toRefusal(error: unknown): Refusal {
  if (error instanceof Refusal) return error
  throw error
}
