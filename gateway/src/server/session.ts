import type { Viewer } from '@passerelle/platform/schema'
import { identify, viewerOf, type Identity, type Verify } from '../identity/identity.ts'

/** How often a connection's token is looked at again, so that a session that was ended elsewhere also ends here. In milliseconds. */
const RECHECK = 60_000

/** Who a long-lived connection speaks for, as long as the token holds. */
export interface Session {
  viewer: Viewer | null
  /** Goes on with a newer token of the same viewer; ends the session when it is not one. */
  renew(authorization: unknown): Promise<void>
  close(): void
}

interface SessionOptions {
  authorization: unknown
  verify: Verify
  /** Called once, when the session ends before it is closed. */
  onEnd(): void
}

/** Null when the token does not hold. */
export async function openSession({ authorization, verify, onEnd }: SessionOptions): Promise<Session | null> {
  const identified = await identify(authorization, verify)
  if (identified.kind === 'refused') return null
  const viewer = viewerOf(identified)
  const watch = watchToken(async (token) => {
    const now = await identify(token, verify)
    return now.kind === 'known' && isSame(viewerOf(now), viewer) ? now.identity : null
  }, onEnd)
  if (identified.kind === 'known') watch.follow(authorization, identified.identity.expiresAt)
  return { viewer, renew: watch.check, close: watch.stop }
}

/** Looks at a token when it should expire, and now and then before, until it does not hold or the watch is stopped. */
function watchToken(look: (token: unknown) => Promise<Identity | null>, onEnd: () => void) {
  let timer: NodeJS.Timeout | undefined
  let open = true
  const stop = (): void => {
    open = false
    clearTimeout(timer)
  }
  const follow = (token: unknown, expiresAt: Date | null): void => {
    clearTimeout(timer)
    const life = expiresAt ? expiresAt.getTime() - Date.now() : RECHECK
    if (open) timer = setTimeout(() => void check(token), Math.max(0, Math.min(life, RECHECK)))
  }
  const check = async (token: unknown): Promise<void> => {
    try {
      const identity = await look(token)
      if (identity) return follow(token, identity.expiresAt)
    } catch {
      // Whether the token still holds cannot be found out just now; it is asked again.
      return follow(token, null)
    }
    if (open) onEnd()
    stop()
  }
  return { follow, check, stop }
}

/** Whether running subscriptions may go on: they answer with the rights that they began with. */
function isSame(left: Viewer | null, right: Viewer | null): boolean {
  const rights = (viewer: Viewer | null) =>
    viewer && [viewer.organizationId, viewer.userId, ...viewer.roles, ...viewer.scopes]
  return JSON.stringify(rights(left)) === JSON.stringify(rights(right))
}
