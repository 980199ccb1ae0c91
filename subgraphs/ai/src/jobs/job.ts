import { z } from 'zod'
import type { Viewer } from '@passerelle/platform/schema'
import type { ModelCall } from '@passerelle/platform/models'

/** A passage that a model was given to answer from, under the number that the prompt names it by. */
export interface JobSource {
  number: number
  title: string
  documentId: string
  chunkId: string
}

/** What the caller of a model knows of the call and the call's own record does not. */
export interface JobDetails {
  temperature: number | null
  context: readonly JobSource[]
  replayOf: string | null
}

/** The record of a model call. */
export interface Job extends Omit<ModelCall, 'gpuMs'>, JobDetails {
  /** Millionths of a euro. */
  costMicros: number
}

export interface JobMessage {
  role: 'system' | 'user' | 'assistant'
  content: string
}

const messages = z.array(z.object({ role: z.enum(['system', 'user', 'assistant']), content: z.string() })).min(1)

/** What was sent, message by message; null for a call of which no texts are kept, such as an embedding. */
export function messagesOf({ kind, input }: Pick<Job, 'kind' | 'input'>): JobMessage[] | null {
  if (kind !== 'complete' || input === null) return null
  return messages.safeParse(JSON.parse(input)).data ?? null
}

/** Whose calls somebody sees: everybody's, or only their own. A service without a name of its own sees none but with the right to all. */
export function callsSeenBy(viewer: Viewer): { all: true } | { all: false; userId: string } {
  return viewer.scopes.includes('job:manage') ? { all: true } : { all: false, userId: viewer.userId ?? '' }
}

const longest = 200
const word = (name: string) => z.string().max(longest, `${name} has at most ${longest} characters.`).nullish()

/** Which calls a list is of. */
export const jobFilter = z.object({
  task: word('task'),
  model: word('model'),
  outcome: z.enum(['done', 'failed', 'cancelled']).nullish(),
  kind: z.string().nullish(),
  userId: word('userId'),
  from: z.date().nullish(),
  to: z.date().nullish(),
  text: word('text'),
})
export type JobFilter = z.output<typeof jobFilter>

/** Calls are told apart by id; anything else is nobody's. */
export function isJobId(id: string): boolean {
  return /^job_[0-9a-f]{32}$/.test(id)
}
