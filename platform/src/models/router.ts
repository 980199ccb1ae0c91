import type { Coordination } from '../coordination/coordination.ts'
import type { Log } from '../log/log.ts'
import { EngineUnavailable } from '../schema/refusals.ts'
import { createBreaker } from './breaker.ts'
import { createCalls } from './calls.ts'
import { createComplete } from './complete.ts'
import { createEmbed } from './embed.ts'
import type { ModelCall, Models } from './models.ts'
import { createOllama, type OllamaTimeouts } from './ollama.ts'
import { openRoster, type Roster } from './roster.ts'

export interface ModelsOptions {
  coordination: Coordination
  /** Without it there are no models. */
  ollamaUrl?: string | undefined
  /** Names of the server's models; without them, the first suitable ones. */
  chatModel?: string | undefined
  embeddingModel?: string | undefined
  /** What the card holds. A model that is larger takes all of it. */
  capacityMiB: number
  /** Told of every call when it has ended; awaited, and its failure only logged. */
  onCall: (call: ModelCall) => void | Promise<void>
  log: Log
  /** How often the server is asked what it has, milliseconds. */
  checkEveryMs?: number
  timeouts?: Partial<OllamaTimeouts>
}

/** Opens the models of the house. Never fails because a server does not answer: it may come later. */
export async function openModels(options: ModelsOptions): Promise<Models> {
  const { coordination, ollamaUrl, capacityMiB } = options
  const queue = coordination.semaphore('inference', { capacity: capacityMiB })
  if (!ollamaUrl) return withoutModels(queue)
  const provider = createOllama({ url: ollamaUrl, ...(options.timeouts && { timeouts: options.timeouts }) })
  const { chatModel, embeddingModel, log, onCall, checkEveryMs = 5_000 } = options
  const roster = await openRoster({ provider, chatModel, embeddingModel, everyMs: checkEveryMs, log })
  const breaker = createBreaker({ failures: 3, restMs: 10_000 })
  const run = createCalls({ provider, queue, capacityMiB, breaker, onCall, log })
  const find: Roster['find'] = (skill) => (breaker.isOpen() ? null : roster.find(skill))
  return {
    queue,
    configured: () => true,
    capabilities: () => ({ chat: find('chat')?.name ?? null, embedding: find('embedding')?.name ?? null }),
    complete: createComplete({ provider, find, run }),
    embed: createEmbed({ provider, find, run }),
    async health() {
      if (breaker.isOpen() || !roster.answers()) throw new EngineUnavailable('models')
    },
    async close() {
      roster.close()
    },
  }
}

function withoutModels(queue: Models['queue']): Models {
  return {
    queue,
    configured: () => false,
    capabilities: () => ({ chat: null, embedding: null }),
    complete: () => ({
      [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(new EngineUnavailable('models')) }),
    }),
    async embed() {
      throw new EngineUnavailable('models')
    },
    async health() {},
    async close() {},
  }
}
