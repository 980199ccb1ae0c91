import { ModelsUnanswered, probeModels, type ProbedServer } from '@passerelle/platform/models/probe'
import type { Finding } from './finding.ts'
import type { Env } from '../env/env.ts'

/** What to say of each server of models: what it would be asked with, and what to mend when it cannot be asked. A server that is not set is no fault. */
export function modelFindings({ ollama, openai, speech }: Env): Finding[] {
  return [
    [
      'Ollama',
      () =>
        ollama
          ? describe({ name: 'ollama', ...ollama })
          : unset(openai ? 'OLLAMA_URL' : 'OLLAMA_URL or OPENAI_URL; answers quote documents instead of being written'),
    ],
    ['OpenAI-compatible server', () => (openai ? describe({ name: 'openai', ...openai }) : unset('OPENAI_URL'))],
    [
      'Speech server',
      () =>
        speech ? describe({ name: 'speech', ...speech }) : unset('SPEECH_URL; recordings wait to be written down'),
    ],
  ]
}

const unset = (what: string): Promise<string> => Promise.resolve(`not set (${what})`)

async function describe(server: ProbedServer): Promise<string> {
  const { url } = server
  const models = await probeModels(server).catch((error: unknown) => {
    throw error instanceof ModelsUnanswered ? new Error(explain(server, error), { cause: error }) : error
  })
  requireNamed(server, { ...models })
  const { chat, embedding, speech } = models
  if (server.name === 'speech')
    return speech
      ? `answers at ${url}: ${speech} writes down`
      : fail(`answers at ${url}, but has no model that hears: set SPEECH_MODEL`)
  if (!chat && !embedding) return fail(`answers at ${url}, but has no model: ${howToGet(server, 'mistral-small')}`)
  const meaning = embedding ? `${embedding} makes vectors` : 'none makes vectors, and search goes by words'
  return `answers at ${url}: ${chat ? `${chat} writes` : 'none writes'}, ${meaning}`
}

/** A model that the settings name has to be there. */
function requireNamed(
  server: ProbedServer,
  { chat, embedding }: { chat?: string | null; embedding?: string | null },
): void {
  const setting = server.name.toUpperCase()
  const absent =
    server.chatModel && chat === null
      ? { model: server.chatModel, setting: `${setting}_CHAT_MODEL` }
      : server.embeddingModel && embedding === null
        ? { model: server.embeddingModel, setting: `${setting}_EMBEDDING_MODEL` }
        : null
  if (absent)
    fail(
      `answers at ${server.url}, but has no ${absent.model}: ${howToGet(server, absent.model)}, or name another in ${absent.setting}`,
    )
}

function howToGet({ name }: ProbedServer, model: string): string {
  return name === 'ollama' ? `ollama pull ${model}` : `have the server load ${model}`
}

function explain({ name, url }: ProbedServer, { reason, message }: ModelsUnanswered): string {
  const setting = name.toUpperCase()
  if (reason === 'key') return `refuses us at ${url}: set ${setting}_API_KEY`
  return reason === 'away'
    ? `does not answer at ${url}: is it running, and is ${setting}_URL right?`
    : `says at ${url} what no server of models says (${message}): is ${setting}_URL right?`
}

function fail(message: string): never {
  throw new Error(message)
}
