import type { GatewayOptions, Verify } from '@passerelle/gateway'
import { accessEnded, hearAccessEnded } from '@passerelle/platform/identity'
import { looksLikeApiKey } from '@passerelle/platform/identity/api-keys'
import { EngineUnavailable } from '@passerelle/platform/schema'
import type { Platform } from '@passerelle/platform/subgraph'
import type { FindKeyHolder } from './key-holder.ts'
import { createVerifyKey } from './verify-key.ts'

/**
 * A token holds when it is ours, alive, its session has not been ended and it carries the rights that its person still has. While nobody can say whether
 * that is so, it holds: it lives for a quarter of an hour at most, and the people of the house go on working. An API key holds as `verify-key.ts` says.
 */
export function createVerify({
  keys,
  coordination,
  findHolder,
}: Pick<Platform, 'keys' | 'coordination'> & { findHolder: FindKeyHolder }): Verify {
  const verifyKey = createVerifyKey({ keys, coordination, findHolder })
  return async (token, caller) => {
    if (looksLikeApiKey(token)) return verifyKey(token, caller)
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
