import type { Viewer } from '@passerelle/platform/schema'
import type { Platform } from '@passerelle/platform/subgraph'
import { askerOf } from '../asker.ts'
import type { Answer } from '../conversations/answer.ts'

/** One turn of a conversation in the short-term memory. */
export interface Turn {
  role: 'user' | 'assistant'
  text: string
  at: string
}

/** Sizes are tokens, estimated at four characters each. */
const bounds = { maxEntries: 40, maxSize: 4_000, ttlSeconds: 24 * 3600 }

export function sessionKey(viewer: Viewer, conversationId: string): string {
  return `session:${askerOf(viewer)}:${conversationId}`
}

/** Adds question and answer to the conversation's memory. A memory that is gone or full never costs the answer. */
export async function rememberTurns(
  { coordination, log }: Platform,
  viewer: Viewer,
  { conversationId, question, text }: Answer,
): Promise<void> {
  const at = new Date().toISOString()
  const turns: Turn[] = [
    { role: 'user', text: question, at },
    { role: 'assistant', text, at },
  ]
  try {
    for (const turn of turns) {
      const entry = { value: JSON.stringify(turn), size: Math.ceil(turn.text.length / 4) }
      await coordination.memory.append(viewer.organizationId, sessionKey(viewer, conversationId), entry, bounds)
    }
  } catch (error) {
    log.warn({ err: error }, 'the conversation is not remembered')
  }
}

/** The conversation's last turns, oldest first; none when the memory does not answer. */
export async function recallTurns(
  { coordination, log }: Platform,
  viewer: Viewer,
  conversationId: string,
): Promise<Turn[]> {
  try {
    const { values } = await coordination.memory.list(viewer.organizationId, sessionKey(viewer, conversationId))
    return values.map((value) => JSON.parse(value) as Turn)
  } catch (error) {
    log.warn({ err: error }, 'the conversation is not remembered')
    return []
  }
}
