import type { Verify } from '@passerelle/gateway'
import { lastApiKeyChange, openApiKeys } from '@passerelle/platform/identity/api-keys'
import { isWithin } from '@passerelle/platform/identity/networks'
import { EngineUnavailable, type Viewer } from '@passerelle/platform/schema'
import type { Platform } from '@passerelle/platform/subgraph'
import type { FindKeyHolder, KeyHolder } from './key-holder.ts'

/** How long a process remembers whom a key speaks for, in milliseconds: what its maker may do less today counts after that. */
const rememberedMs = 5_000
/** Keys that are remembered at a time. Only keys of ours ever are: nobody fills this with made-up ones. */
const mostRemembered = 10_000

interface Remembered {
  holder: Promise<KeyHolder | null>
  /** The last change of the key that was known before the holder was asked for. */
  change: string | null
  until: number
}

/**
 * An API key holds when this installation made it, tenancy knows who holds it, and it is shown from where it may be used. What tenancy said is remembered for
 * seconds, and not any longer than until the key is changed: a revoked key is refused with the next request, in every process.
 */
export function createVerifyKey({
  keys,
  coordination,
  findHolder,
}: Pick<Platform, 'keys' | 'coordination'> & { findHolder: FindKeyHolder }): Verify {
  const apiKeys = openApiKeys(keys)
  const known = new Map<string, Remembered>()

  function remember(hash: string, remembered: Remembered): Remembered {
    if (known.size >= mostRemembered) known.clear()
    known.set(hash, remembered)
    // Whoever asks hears of it; nobody is told again.
    remembered.holder.catch(() => known.delete(hash))
    return remembered
  }

  return async (token, caller) => {
    const key = apiKeys.read(token)
    if (!key) return null
    const change = await lastApiKeyChange(coordination, key.id).catch(nobodyKnows)
    const found = known.get(key.hash)
    const fresh =
      found && found.until > Date.now() && (change === undefined || found.change === change)
        ? found
        : remember(key.hash, {
            holder: findHolder({ ...key, caller }),
            change: change ?? null,
            until: Date.now() + rememberedMs,
          })
    const holder = await fresh.holder
    if (!holder || holder.validUntil.getTime() <= Date.now() || !isWithin(holder.networks, caller)) return null
    return { viewer: toViewer(key.id, holder), expiresAt: holder.validUntil }
  }
}

/** A key has no roles but the one that says what it can know of. */
function toViewer(keyId: string, { organizationId, kind, scopes }: KeyHolder): Viewer {
  const roles: Viewer['roles'] = kind === 'PARTNER' ? ['PARTNER'] : []
  return { organizationId, userId: null, sessionId: null, keyId, clientId: null, roles, scopes }
}

function nobodyKnows(error: unknown): undefined {
  if (error instanceof EngineUnavailable) return undefined
  throw error
}
