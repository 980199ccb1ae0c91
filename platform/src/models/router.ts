import type { Coordination, Semaphore } from '../coordination/coordination.ts'
import type { Log } from '../log/log.ts'
import { EngineUnavailable } from '../schema/refusals.ts'
import { createCalls, type RunCall } from './calls.ts'
import { createComplete } from './complete.ts'
import { createEmbed } from './embed.ts'
import type { ModelCall, Models } from './models.ts'
import { createOllama, type OllamaTimeouts } from './ollama.ts'
import { openSource, type Source } from './source.ts'
import type { ModelProvider, SpeechProvider } from './provider.ts'
import { createSpeech, type SpeechOptions } from './speech.ts'
import { createTranscribe } from './transcribe.ts'

export interface ModelsOptions {
  coordination: Coordination
  /** Without it there are no models that write or embed. */
  ollamaUrl?: string | undefined
  /** Names of the server's models; without them, the first suitable ones. */
  chatModel?: string | undefined
  embeddingModel?: string | undefined
  /** Without it nothing is transcribed. */
  speech?: SpeechOptions | undefined
  /** What the card holds. A model that is larger takes all of it. */
  capacityMiB: number
  /** Told of every call when it has ended; awaited, and its failure only logged. */
  onCall: (call: ModelCall) => void | Promise<void>
  log: Log
  /** How often the servers are asked what they have, milliseconds. */
  checkEveryMs?: number
  timeouts?: Partial<OllamaTimeouts>
}

/** Opens the models of the house. Never fails because a server does not answer: it may come later. */
export async function openModels(options: ModelsOptions): Promise<Models> {
  const { coordination, capacityMiB, onCall, log } = options
  const queue: Semaphore = coordination.semaphore('inference', { capacity: capacityMiB })
  const run = createCalls({ queue, capacityMiB, onCall, log })
  const [written, heard] = await Promise.all([openWritten(options), openHeard(options)])
  return {
    queue,
    configured: (engine = 'models') => (engine === 'speech' ? heard : written) !== null,
    async capabilities() {
      return {
        chat: written?.find('chat')?.name ?? null,
        embedding: written?.find('embedding')?.name ?? null,
        speech: heard?.find('speech')?.name ?? null,
      }
    },
    ...(written ? callsOf(written, run) : withoutModels()),
    transcribe: heard ? createTranscribe(heard, run) : () => Promise.reject(new EngineUnavailable('speech')),
    async health() {
      written?.health()
      heard?.health()
    },
    async close() {
      written?.close()
      heard?.close()
    },
  }
}

async function openWritten({
  ollamaUrl,
  chatModel,
  embeddingModel,
  timeouts,
  log,
  checkEveryMs = CHECK_MS,
}: ModelsOptions): Promise<Source<ModelProvider> | null> {
  if (!ollamaUrl) return null
  return openSource(createOllama({ url: ollamaUrl, ...(timeouts && { timeouts }) }), {
    engine: 'models',
    skills: ['chat', 'embedding'],
    wanted: { chat: chatModel, embedding: embeddingModel },
    everyMs: checkEveryMs,
    log,
  })
}

async function openHeard({
  speech,
  log,
  checkEveryMs = CHECK_MS,
}: ModelsOptions): Promise<Source<SpeechProvider> | null> {
  if (!speech) return null
  return openSource(createSpeech(speech), {
    engine: 'speech',
    skills: ['speech'],
    wanted: {},
    everyMs: checkEveryMs,
    log,
  })
}

const CHECK_MS = 5_000

function callsOf(source: Source<ModelProvider>, run: RunCall): Pick<Models, 'complete' | 'embed'> {
  return { complete: createComplete(source, run), embed: createEmbed(source, run) }
}

function withoutModels(): Pick<Models, 'complete' | 'embed'> {
  return {
    complete: () => ({
      [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(new EngineUnavailable('models')) }),
    }),
    async embed() {
      throw new EngineUnavailable('models')
    },
  }
}
