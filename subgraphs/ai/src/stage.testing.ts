import {
  createTestClient,
  openTestPlatform,
  type TestClient,
  type TestPlatform,
} from '@passerelle/platform/subgraph/testing'
import type { Viewer } from '@passerelle/platform/schema'
import type { Platform } from '@passerelle/platform/subgraph'
import { afterAll, beforeAll } from 'vitest'
import { ai } from './index.ts'
import { createLibrary, type Library } from './library.testing.ts'

export interface Stage {
  platform: TestPlatform
  client: TestClient
  library: Library
}

/** Real engines and a library of documents for the tests of one file; without a model unless `engines` bring one. */
export function useStage(open: (platform: TestPlatform) => Promise<Partial<Platform>> = async () => ({})): Stage {
  const stage = {} as Stage
  beforeAll(async () => {
    stage.library = createLibrary()
    const platform = await openTestPlatform({
      sets: [ai.migrations],
      queues: ai.queues,
      engines: { readGraph: stage.library.readGraph },
    })
    stage.platform = Object.assign(platform, await open(platform))
    stage.client = createTestClient(stage.platform, ai)
  })
  afterAll(async () => {
    await stage.platform.models.close()
    await stage.platform.close()
  })
  return stage
}

const citation =
  'citations { marker page boxes { page box { x y width height } } excerpt confidence document { id } chunk { id } record { kind id title } }'
export const answerFields = `id question text abstained mode model conversationId createdAt sentences { text supported ${citation} }`

export interface AnswerView {
  __typename: 'Answer'
  id: string
  question: string
  text: string
  abstained: boolean
  mode: string
  model: string | null
  conversationId: string
  sentences: { text: string; supported: boolean; citations: CitationView[] }[]
}

export interface CitationView {
  marker: string
  page: number
  boxes: { page: number; box: { x: number; y: number; width: number; height: number } }[]
  excerpt: string
  confidence: number
  document: { id: string } | null
  chunk: { id: string } | null
  record: { kind: string; id: string; title: string } | null
}

interface RefusalView {
  __typename: 'InvalidInput' | 'NotAllowed' | 'QuotaExceeded' | 'EngineUnavailable'
  message: string
  path?: string[]
  engine?: string
}

const refusalFields = '... on Refusal { message } ... on InvalidInput { path } ... on EngineUnavailable { engine }'

export type Asked = Record<string, unknown> & { question: string }

/** Asks, and gives what came, answer or refusal. */
export async function askAny(
  { client }: Stage,
  viewer: Viewer | null,
  input: Asked,
): Promise<AnswerView | RefusalView> {
  const text = `mutation ($input: AskInput!) { ask(input: $input) { __typename ... on Answer { ${answerFields} } ${refusalFields} } }`
  const { data, errors } = await client.ask<{ ask: AnswerView | RefusalView }>(viewer, text, { input })
  if (errors[0]) throw new Error(errors[0].message)
  return data.ask
}

/** Asks, and gives the answer; a refusal is thrown. */
export async function ask(stage: Stage, viewer: Viewer, input: Asked): Promise<AnswerView> {
  const answer = await askAny(stage, viewer, input)
  if (answer.__typename !== 'Answer') throw new Error(`${answer.__typename}: ${answer.message}`)
  return answer
}

export type EventView = { __typename: 'AnswerToken'; text: string } | AnswerView | RefusalView

/** Begins to listen to an answer, event by event. */
export async function listen({ client }: Stage, viewer: Viewer, input: Asked) {
  const text = `subscription ($input: AskInput!) { askStream(input: $input) { __typename ... on AnswerToken { text } ... on Answer { ${answerFields.replace('text abstained', 'answer: text abstained')} } ${refusalFields} } }`
  const events = await client.subscribe<{ askStream: EventView & { answer?: string } }>(viewer, text, { input })
  return {
    end: events.end,
    async next(): Promise<EventView> {
      const { data, errors } = await events.next()
      if (errors[0]) throw new Error(errors[0].message)
      const { answer, ...event } = data.askStream
      return answer === undefined ? event : ({ ...event, text: answer } as EventView)
    },
  }
}

/** All events of an answer, to its last. */
export async function listenToEnd(stage: Stage, viewer: Viewer, input: Asked): Promise<EventView[]> {
  const stream = await listen(stage, viewer, input)
  const events: EventView[] = []
  do events.push(await stream.next())
  while (events.at(-1)?.__typename === 'AnswerToken')
  return events
}

/** What was streamed before the end. */
export function tokensOf(events: readonly EventView[]): string {
  return events.map((event) => (event.__typename === 'AnswerToken' ? event.text : '')).join('')
}
