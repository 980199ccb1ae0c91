import type { GatewayOptions, Verify } from '@passerelle/gateway'
import { accessEnded, hearAccessEnded } from '@passerelle/platform/identity'
import { EngineUnavailable } from '@passerelle/platform/schema'
import type { Platform } from '@passerelle/platform/subgraph'

/**
 * A token holds when it is ours, alive, its session has not been ended and it carries the rights that its person still has. While nobody can say whether
 * that is so, it holds: it lives for a quarter of an hour at most, and the people of the house go on working.
 */
export function createVerify({ keys, coordination }: Pick<Platform, 'keys' | 'coordination'>): Verify {
  return async (token) => {
    const verified = await keys.verifyAccessToken(token)
    if (!verified) return null
    return (await accessEnded(coordination, verified).catch(unlessAway)) ? null : verified
  }
}

/** Hears of ended access in whichever process it is ended. Without the channel, connections are looked at every minute. */
export function createHearAccessEnded({
  coordination,
  log,
}: Pick<Platform, 'coordination' | 'log'>): NonNullable<GatewayOptions['hearAccessEnded']> {
  return (listener) => {
    hearAccessEnded(coordination, listener).catch((error: unknown) =>
      log.warn({ err: error }, 'ended access is not heard of; open connections are looked at every minute'),
    )
  }
}

function unlessAway(error: unknown): false {
  if (error instanceof EngineUnavailable) return false
  throw error
}
