import type { Verify } from '@passerelle/gateway'
import { revokedSessionKey } from '@passerelle/platform/identity'
import { EngineUnavailable } from '@passerelle/platform/schema'
import type { Platform } from '@passerelle/platform/subgraph'

/**
 * A token holds when it is ours, alive, and its session has not been ended. While nobody can say whether it was, it holds: it lives for a
 * quarter of an hour at most, and the people of the house go on working.
 */
export function createVerify({ keys, coordination }: Pick<Platform, 'keys' | 'coordination'>): Verify {
  return async (token) => {
    const verified = await keys.verifyAccessToken(token)
    if (!verified) return null
    const { organizationId, sessionId } = verified.viewer
    const ended = await coordination.memory.get(organizationId, revokedSessionKey(sessionId ?? '')).catch(unlessAway)
    return ended === null ? verified : null
  }
}

function unlessAway(error: unknown): null {
  if (error instanceof EngineUnavailable) return null
  throw error
}
