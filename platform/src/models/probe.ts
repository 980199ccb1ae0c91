import { createOllama } from './ollama.ts'
import { createOpenAI } from './openai.ts'
import { ModelFailure, type ModelServer, type Skill } from './provider.ts'
import { chooseModel } from './roster.ts'
import { createSpeech } from './speech.ts'

/** A server as the settings name it. */
export interface ProbedServer {
  name: 'ollama' | 'openai' | 'speech'
  url: string
  apiKey?: string | undefined
  chatModel?: string | undefined
  embeddingModel?: string | undefined
  /** Of the speech server. */
  model?: string | undefined
}

/** What a server would be asked with now: the model of each skill, null for a skill that none of its models has. */
export type ProbedModels = Partial<Record<Skill, string | null>>

/** Why a server cannot be asked: nothing answers, it does not take our key, or it says something else. */
export class ModelsUnanswered extends Error {
  readonly reason: 'away' | 'key' | 'strange'
  constructor(reason: ModelsUnanswered['reason'], message: string) {
    super(message)
    this.reason = reason
  }
}

const patienceMs = 5_000

/** Asks a server once what it has. Throws ModelsUnanswered when it does not say. */
export async function probeModels(server: ProbedServer): Promise<ProbedModels> {
  const { name, chatModel, embeddingModel } = server
  const models = await createServer(server).list(AbortSignal.timeout(patienceMs)).catch(fail)
  if (name === 'speech') return { speech: chooseModel(models, 'speech', server.model)?.name ?? null }
  return {
    chat: chooseModel(models, 'chat', chatModel)?.name ?? null,
    embedding: chooseModel(models, 'embedding', embeddingModel)?.name ?? null,
  }
}

function createServer(server: ProbedServer): ModelServer {
  if (server.name === 'ollama') return createOllama(server)
  return server.name === 'openai' ? createOpenAI(server) : createSpeech(server)
}

function fail(error: unknown): never {
  const { status, kind } = error instanceof ModelFailure ? error : { status: null, kind: 'unreachable' }
  const message = error instanceof Error ? error.message : String(error)
  if (status === 401 || status === 403) throw new ModelsUnanswered('key', message)
  throw new ModelsUnanswered(kind === 'unreachable' ? 'away' : 'strange', message)
}
