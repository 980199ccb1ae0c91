import { createOllama } from './ollama.ts'
import { createOpenAI } from './openai.ts'
import { isOutside } from './outside.ts'
import type { ModelProvider, SpeechProvider } from './provider.ts'
import type { ModelsOptions } from './router.ts'
import { openSource, type Source } from './source.ts'
import { createSpeech } from './speech.ts'

const CHECK_MS = 5_000
/** A call that runs on somebody else's card takes nothing of ours. */
const OUTSIDE_MIB = 1
const USUAL_ORDER = ['ollama', 'openai'] as const

/** The servers that write and embed, in the order in which they are asked. */
export async function openWritten(options: ModelsOptions): Promise<Source<ModelProvider>[]> {
  const { order = [] } = options
  const names = [...new Set([...order, ...USUAL_ORDER])]
  const opened = await Promise.all(names.map((name) => (name === 'ollama' ? openOllama(options) : openOpenAI(options))))
  return opened.filter((source) => source !== null)
}

async function openOllama({
  ollamaUrl,
  chatModel,
  embeddingModel,
  ollamaOutside,
  timeouts,
  ...rest
}: ModelsOptions): Promise<Source<ModelProvider> | null> {
  if (!ollamaUrl) return null
  return openSource(createOllama({ url: ollamaUrl, ...(timeouts && { timeouts }) }), {
    ...watching(rest),
    engine: 'models',
    url: ollamaUrl,
    outside: ollamaOutside,
    skills: ['chat', 'embedding'],
    wanted: { chat: chatModel, embedding: embeddingModel },
  })
}

async function openOpenAI({ openai, ...rest }: ModelsOptions): Promise<Source<ModelProvider> | null> {
  if (!openai) return null
  const { url, outside, chatModel, embeddingModel } = openai
  const vramMiB = openai.vramMiB ?? (isAway(url, outside) ? OUTSIDE_MIB : undefined)
  return openSource(createOpenAI({ ...openai, vramMiB }), {
    ...watching(rest),
    engine: 'models',
    url,
    outside,
    skills: ['chat', 'embedding'],
    wanted: { chat: chatModel, embedding: embeddingModel },
  })
}

/** The server that hears; null when there is none. */
export async function openHeard({ speech, ...rest }: ModelsOptions): Promise<Source<SpeechProvider> | null> {
  if (!speech) return null
  const { url, outside } = speech
  const vramMiB = speech.vramMiB ?? (isAway(url, outside) ? OUTSIDE_MIB : undefined)
  return openSource(createSpeech({ ...speech, vramMiB }), {
    ...watching(rest),
    engine: 'speech',
    url,
    outside,
    skills: ['speech'],
    wanted: {},
  })
}

const isAway = (url: string, told: boolean | undefined): boolean => told ?? isOutside(new URL(url).hostname)

const watching = ({ log, checkEveryMs = CHECK_MS }: Pick<ModelsOptions, 'log' | 'checkEveryMs'>) => ({
  log,
  everyMs: checkEveryMs,
})
