import type { Coordination } from '../coordination/coordination.ts'
import type { Log } from '../log/log.ts'
import { EngineUnavailable } from '../schema/refusals.ts'
import { createCalls } from './calls.ts'
import { createChoosing, spaceOf } from './choosing.ts'
import { createComplete } from './complete.ts'
import { createEmbed } from './embed.ts'
import { createLibrary } from './library.ts'
import { listModels, toServerState } from './listing.ts'
import type { ModelCall, Models } from './models.ts'
import type { OllamaTimeouts } from './ollama.ts'
import type { OpenAIOptions } from './openai.ts'
import { keepPolicy, noPolicy, type ModelPolicy } from './policy.ts'
import { openHeard, openWritten } from './servers.ts'
import type { ModelMeter } from '../usage/model-meter.ts'
import type { SpeechOptions } from './speech.ts'
import { createTranscribe } from './transcribe.ts'

export interface ModelsOptions {
  coordination: Coordination
  /** An Ollama server, and which of its models; without names, the first suitable ones. */
  ollamaUrl?: string | undefined
  chatModel?: string | undefined
  embeddingModel?: string | undefined
  /** What the operator says of where it stands; without it, its address tells. */
  ollamaOutside?: boolean | undefined
  /** A server that speaks OpenAI's API. */
  openai?: (OpenAIOptions & Whereabouts) | undefined
  /** Without it nothing is transcribed. */
  speech?: (SpeechOptions & Whereabouts) | undefined
  /** Which server is asked first; those that are not named come after, as they stand here. */
  order?: readonly ('ollama' | 'openai')[] | undefined
  /** Without it nothing leaves the house. */
  policy?: ModelPolicy | undefined
  /** Asked before every call; without it nothing is metered. */
  meter?: ModelMeter | undefined
  /** What the card holds. A model that is larger takes all of it. */
  capacityMiB: number
  /** Told of every call when it has ended; awaited, and its failure only logged. */
  onCall: (call: ModelCall) => void | Promise<void>
  log: Log
  /** How often the servers are asked what they have, milliseconds. */
  checkEveryMs?: number
  timeouts?: Partial<OllamaTimeouts>
}

interface Whereabouts {
  outside?: boolean | undefined
}

/** Opens the models of the house. Never fails because a server does not answer: it may come later. */
export async function openModels(options: ModelsOptions): Promise<Models> {
  const { coordination, capacityMiB, onCall, log } = options
  const queue = coordination.semaphore('inference', { capacity: capacityMiB })
  const [written, heard] = await Promise.all([openWritten(options), openHeard(options)])
  const sources = [...written, ...(heard ? [heard] : [])]
  const policy = keepPolicy(options.policy ?? noPolicy)
  const choosing = createChoosing({ written, heard }, policy)
  const calls = createCalls({
    async guard(source, organizationId) {
      if (!(await choosing.allows(organizationId, source))) throw new EngineUnavailable(source.engine)
    },
    queue,
    meter: options.meter ?? { begin: () => Promise.resolve() },
    capacityMiB,
    onCall,
    log,
  })
  return {
    queue,
    configured: (engine = 'models') => sources.some((source) => source.engine === engine),
    async configuredFor(organizationId, engine = 'models') {
      const asked = sources.filter((source) => source.engine === engine)
      return (await Promise.all(asked.map((source) => choosing.allows(organizationId, source)))).includes(true)
    },
    async capabilities(organizationId) {
      const [[writer], embedder, listener] = await Promise.all([
        choosing.writers(organizationId, 'ask'),
        choosing.embedder(organizationId, 'search'),
        choosing.listener(organizationId, 'transcribe'),
      ])
      return {
        chat: writer?.model.name ?? null,
        embedding: embedder && spaceOf(embedder),
        speech: listener?.model.name ?? null,
      }
    },
    complete: createComplete(choosing, calls.run),
    embed: createEmbed(choosing, calls.run),
    transcribe: createTranscribe(choosing, calls.run),
    servers: () => sources.map(toServerState),
    list: () => listModels(sources, written),
    library: createLibrary(written),
    policyChanged: policy.forget,
    async health() {
      // One that answers is enough to write; the chain is there for the others.
      const [first] = written
      if (first && !written.some(answers)) first.health()
      heard?.health()
    },
    async close() {
      await calls.close()
      for (const source of sources) source.close()
    },
  }
}

function answers(source: { health(): void }): boolean {
  try {
    source.health()
    return true
  } catch {
    return false
  }
}
