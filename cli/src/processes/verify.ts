import type { Verify } from '@passerelle/gateway'
import { revokedSessionKey } from '@passerelle/platform/identity'
import type { Platform } from '@passerelle/platform/subgraph'

/** A token holds when it is ours, alive, and its session has not been ended. */
export function createVerify({ keys, coordination }: Pick<Platform, 'keys' | 'coordination'>): Verify {
  return async (token) => {
    const verified = await keys.verifyAccessToken(token)
    if (!verified) return null
    const { organizationId, sessionId } = verified.viewer
    return (await coordination.memory.get(organizationId, revokedSessionKey(sessionId ?? ''))) === null
      ? verified
      : null
  }
}
