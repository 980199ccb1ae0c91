import { audit } from '@passerelle/platform/audit'
import { newId } from '@passerelle/platform/ids'
import {
  EngineUnavailable,
  InvalidInput,
  parseInput,
  QuotaExceeded,
  Refusal,
  type Viewer,
} from '@passerelle/platform/schema'
import type { Platform } from '@passerelle/platform/subgraph'
import type { z } from 'zod'
import { askerOf } from '../asker.ts'
import { findByRequest, saveAnswer } from '../conversations/answer.store.ts'
import type { Answer } from '../conversations/answer.ts'
import {
  findConversation,
  insertConversation,
  removeConversation,
  touchConversation,
} from '../conversations/conversation.store.ts'
import { abstention } from './abstention.ts'
import { createCiter } from './citing/cite.ts'
import type { Draft } from './draft.ts'
import { createRuns, type AskEvent } from './events.ts'
import { extract } from './extractive/extract.ts'
import { readQuestion } from './extractive/question.ts'
import { completeQuestion } from './followup.ts'
import { generate } from './generative/generate.ts'
import type { Passage } from './passage.ts'
import { answerFromRecords } from './records/answering.ts'
import { askInput, unknownConversation, type AskInput } from './request.ts'
import { retrieve } from './retrieval.ts'
import { recallTurns, rememberTurns } from './turns.ts'

const defaults = { topK: 8, temperature: 0.1 }
const longestTitle = 80
const runs = createRuns()

/**
 * Answers a question from the records and documents that the viewer may read. The events end with the answer or a refusal. With a `requestId` a repeated
 * call hears the first one's words and answer, while it runs and ever after.
 */
export function ask(
  platform: Platform,
  viewer: Viewer,
  input: z.input<typeof askInput>,
): AsyncIterableIterator<AskEvent> {
  const request = parseInput(askInput, input)
  const key = `${viewer.organizationId}:${askerOf(viewer)}:${request.requestId ?? newId('req')}`
  return runs.join(
    key,
    (emit, signal, onPlace) => answerOnce({ platform, viewer, request, emit, signal, onPlace }),
    toRefusal,
  )
}

interface Asking {
  platform: Platform
  viewer: Viewer
  request: AskInput
  emit: (text: string) => void
  onPlace: (place: number) => void
  signal: AbortSignal
}

async function answerOnce(asking: Asking): Promise<Answer> {
  const { platform, viewer, request, emit } = asking
  const { requestId } = request
  const kept = requestId
    ? await platform.sql.withOrganization(viewer, (tx) => findByRequest(tx, askerOf(viewer), requestId))
    : null
  if (!kept) return answer(asking)
  emit(kept.text)
  return kept
}

async function answer(asking: Asking): Promise<Answer> {
  const { platform, viewer, request } = asking
  await requireConversation(asking)
  const turns = request.conversationId ? await recallTurns(platform, viewer, request.conversationId) : []
  const question = readQuestion(completeQuestion(request.question, turns))
  const draft = (await recall({ ...asking, question })) ?? (await search({ ...asking, question, turns }))
  const kept = await keep(asking, draft)
  await rememberTurns(platform, viewer, kept)
  return kept
}

type Reading = Asking & { question: ReturnType<typeof readQuestion> }

/** What records hold needs no search and no model; a question to named documents or collections is theirs alone. */
async function recall({ platform, viewer, request, question, emit, signal }: Reading): Promise<Draft | null> {
  if (request.documentIds?.length || request.collectionIds?.length) return null
  const draft = await answerFromRecords(platform.readGraph, { viewer, question, signal, log: platform.log })
  if (draft) emit(draft.sentences.map(({ text }) => text).join(' '))
  return draft
}

async function search(asking: Omit<Writing, 'passages'>): Promise<Draft> {
  const { platform, viewer, request, question, signal } = asking
  const { documentIds = null, collectionIds = null, topK } = request
  const passages = await retrieve(platform.readGraph, {
    viewer,
    question,
    documentIds,
    collectionIds,
    first: topK ?? defaults.topK,
    signal,
  })
  return write({ ...asking, passages })
}

type Writing = Reading & {
  turns: Awaited<ReturnType<typeof recallTurns>>
  passages: Passage[]
}

/** A model writes when one answers; when it fails before its first word, there is none, or the organisation has used up what it may ask of them, the sources speak for themselves. */
async function write(writing: Writing): Promise<Draft> {
  const { platform, viewer, request, passages, signal } = writing
  const citer = createCiter(platform.readGraph, { viewer, signal })
  let spoken = false
  const emit = (text: string): void => {
    spoken = true
    writing.emit(text)
  }
  const draft = await generateOrExtract()
  if (draft.sentences.length === 0 && !spoken) emit(abstention(request.question))
  return draft

  async function generateOrExtract(): Promise<Draft> {
    if (passages.length > 0 && (await platform.models.capabilities(viewer.organizationId)).chat) {
      const temperature = request.temperature ?? defaults.temperature
      try {
        return await generate({ ...writing, question: request.question, temperature, citer, emit })
      } catch (error) {
        const passing =
          error instanceof EngineUnavailable || error instanceof QuotaExceeded || error instanceof InvalidInput
        if (spoken || !passing) throw error
      }
    }
    return extract({ question: writing.question, passages, citer, emit })
  }
}

/** Keeps the answer, and with it the conversation that it begins: a question that failed leaves none behind. */
function keep({ platform, viewer, request }: Asking, draft: Draft): Promise<Answer> {
  const { organizationId } = viewer
  const userId = askerOf(viewer)
  const conversationId = request.conversationId ?? newId('cnv')
  const abstained = draft.sentences.length === 0
  const id = newId('ans')
  return platform.sql.withOrganization(viewer, async (tx) => {
    if (request.conversationId) await touchConversation(tx, conversationId)
    else await insertConversation(tx, { id: conversationId, organizationId, userId, title: toTitle(request.question) })
    const kept = await saveAnswer(tx, {
      id,
      organizationId,
      userId,
      conversationId,
      requestId: request.requestId ?? null,
      question: request.question,
      text: abstained ? abstention(request.question) : draft.sentences.map((sentence) => sentence.text).join(' '),
      abstained,
      ...draft,
      createdAt: new Date(),
    })
    // Another process answered the same request first: its answer and its conversation stand.
    if (kept.conversationId !== conversationId && !request.conversationId) await removeConversation(tx, conversationId)
    if (kept.id === id && kept.model !== null)
      audit(tx, {
        action: 'answer.written',
        author: 'AI',
        subject: { kind: 'Answer', id: kept.id },
        detail: { model: kept.model },
      })
    return kept
  })
}

function toTitle(question: string): string {
  return question.length > longestTitle ? `${question.slice(0, longestTitle - 1)}…` : question
}

/** A conversation that is gone on with must be the asker's own. */
async function requireConversation({ platform, viewer, request }: Asking): Promise<void> {
  const { conversationId } = request
  if (!conversationId) return
  const found = await platform.sql.withOrganization(viewer, (tx) =>
    findConversation(tx, askerOf(viewer), conversationId),
  )
  if (!found) throw unknownConversation()
}

/** Refusals are told; anything else is a bug, and stays one. */
function toRefusal(error: unknown): Refusal {
  if (error instanceof Refusal) return error
  throw error
}
