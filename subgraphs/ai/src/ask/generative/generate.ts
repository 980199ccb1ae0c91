import { InvalidInput, type Viewer } from '@passerelle/platform/schema'
import type { Platform } from '@passerelle/platform/subgraph'
import type { AnswerSentence } from '../../conversations/answer.ts'
import { saveJob } from '../../jobs/job.store.ts'
import type { Citer } from '../citing/cite.ts'
import type { Draft } from '../draft.ts'
import type { Quotation } from '../extractive/choosing.ts'
import type { Passage } from '../passage.ts'
import type { Turn } from '../turns.ts'
import { createMarkFilter, splitMarked, type Marked } from './marks.ts'
import { noAnswer, promptName, toMessages } from './prompt.ts'
import { readEvidence, supportOf, type Evidence } from './support.ts'

/** What a model is given to answer from. */
export interface Writing {
  platform: Platform
  viewer: Viewer
  question: string
  temperature: number
  turns: readonly Turn[]
  passages: readonly Passage[]
  citer: Citer
  emit: (text: string) => void
  /** Told the place in the queue while the model is waited for. */
  onPlace: (place: number) => void
  signal: AbortSignal
}

/**
 * Lets the model write from the passages, streaming its words, and then holds each sentence against the passages that it names. Throws
 * EngineUnavailable when the model does not answer to its end.
 */
export async function generate(writing: Writing): Promise<Draft> {
  const { text, model } = await writeFitting(writing)
  const sentences = text.includes(noAnswer) ? [] : await toSentences(text, writing)
  return { sentences: sentences.some(({ supported }) => supported) ? sentences : [], mode: 'GENERATIVE', model }
}

/** A prompt that does not fit the model is tried again with the better half of the passages. */
async function writeFitting(writing: Writing): Promise<{ text: string; model: string }> {
  try {
    return await write(writing)
  } catch (error) {
    if (!(error instanceof InvalidInput) || writing.passages.length < 2) throw error
    return writeFitting({ ...writing, passages: writing.passages.slice(0, Math.ceil(writing.passages.length / 2)) })
  }
}

async function write({
  platform,
  viewer,
  question,
  temperature,
  turns,
  passages,
  emit,
  onPlace,
  signal,
}: Writing): Promise<{ text: string; model: string }> {
  const filter = createMarkFilter(emit)
  const context = passages.map(({ title, documentId, chunkId }, index) => ({
    number: index + 1,
    title,
    documentId,
    chunkId,
  }))
  let text = ''
  let passed = 0
  let model = ''
  for await (const event of platform.models.complete({
    organizationId: viewer.organizationId,
    userId: viewer.userId,
    task: 'ask',
    priority: 'interactive',
    prompt: promptName,
    messages: toMessages(question, { passages, turns }),
    temperature,
    signal,
    onPlace,
    onCall: (call) => platform.sql.withOrganization(viewer, (tx) => saveJob(tx, call, { temperature, context })),
  })) {
    if (event.type === 'end') {
      model = event.call.model
      continue
    }
    text += event.text
    // The first letters are held back until it is clear that they are not the model's way to say that it does not know.
    if (noAnswer.startsWith(text.trim().slice(0, noAnswer.length))) continue
    filter.write(text.slice(passed))
    passed = text.length
  }
  filter.end()
  return { text, model }
}

async function toSentences(text: string, { passages, citer }: Writing): Promise<AnswerSentence[]> {
  const evidence = passages.map(readEvidence)
  const sentences: AnswerSentence[] = []
  for (const marked of splitMarked(text)) {
    const citations = await Promise.all(sourcesOf(marked, evidence).map((quotation) => citer.cite(quotation)))
    sentences.push({ text: marked.text, supported: citations.length > 0, citations })
  }
  return sentences
}

/** What the named passages say of the sentence; of a sentence that names none, the passage that supports it best. */
function sourcesOf({ text, numbers }: Marked, passages: readonly Evidence[]): Quotation[] {
  const named = numbers.length > 0 ? numbers.flatMap((number) => passages[number - 1] ?? []) : passages
  const found = named.flatMap((passage) => supportOf(text, passage) ?? [])
  return numbers.length > 0 ? found : found.sort((a, b) => b.confidence - a.confidence).slice(0, 1)
}
