import { z } from 'zod'
import { NotFound, type Viewer } from '@passerelle/platform/schema'
import type { Platform } from '@passerelle/platform/subgraph'

/** The last turns of a conversation, bounded by tokens and by time; only its own person reads them. */
export interface WorkingMemory {
  conversationId: string
  turns: MemoryTurn[]
  expiresAt: Date | null
}

export interface MemoryTurn {
  role: string
  text: string
  at: Date
}

const turn = z.object({ role: z.string(), text: z.string(), at: z.coerce.date() })

/** What is remembered of a conversation, oldest first; null when nothing is. EngineUnavailable when the memory does not answer. */
export async function findWorkingMemory(
  { coordination, log }: Platform,
  viewer: Viewer,
  conversationId: string,
): Promise<WorkingMemory | null> {
  const key = sessionKey(viewer, conversationId)
  if (key === null) return null
  const { values, expiresAt } = await coordination.memory.list(viewer.organizationId, key)
  const turns = values.flatMap((value) => {
    const parsed = turn.safeParse(toJson(value))
    if (!parsed.success) log.warn({ conversationId, err: parsed.error }, 'a remembered turn cannot be read')
    return parsed.success ? [parsed.data] : []
  })
  return turns.length === 0 ? null : { conversationId, turns, expiresAt }
}

/** Forgets a conversation's turns at once. NotFound when there are none of this person's. */
export async function forgetWorkingMemory(
  platform: Platform,
  viewer: Viewer,
  conversationId: string,
): Promise<{ conversationId: string }> {
  const key = sessionKey(viewer, conversationId)
  if (key === null) throw new NotFound()
  const { memory } = platform.coordination
  const { values } = await memory.list(viewer.organizationId, key)
  if (values.length === 0) throw new NotFound()
  await memory.remove(viewer.organizationId, key)
  return { conversationId }
}

/** How every key of short-term memory begins. */
export const everySession = 'session:'

/** How the keys of one person's begin. */
function sessionsOf(userId: string): string {
  return `${everySession}${userId}:`
}

/** The person is in the key: nobody can name another's. */
function sessionKey({ userId }: Viewer, conversationId: string): string | null {
  return userId !== null && /^[\w-]{1,100}$/.test(conversationId) ? `${sessionsOf(userId)}${conversationId}` : null
}

function toJson(value: string): unknown {
  try {
    return JSON.parse(value)
  } catch {
    return null
  }
}
