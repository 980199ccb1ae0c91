import type { Viewer } from '@passerelle/platform/schema'
import { identify, viewerOf, type Identity, type Verify } from '../identity/identity.ts'

/** How often a connection's token is looked at again, so that a session that was ended elsewhere also ends here. In milliseconds. */
const RECHECK = 60_000
/** The same for a key, which has no early end of its own: one that was revoked, or whose maker may do less, ends within seconds. */
const RECHECK_KEY = 4_000

/** Who a long-lived connection speaks for, as long as the token holds. */
export interface Session {
  viewer: Viewer | null
  /** Goes on with a newer token of the same viewer; ends the session when it is not one. */
  renew(authorization: unknown): Promise<void>
  /** Looks at its token again now. */
  recheck(): Promise<void>
  close(): void
}

interface SessionOptions {
  authorization: unknown
  /** The network address that the connection comes from, where it is known. */
  caller?: string | undefined
  verify: Verify
  /** Called once, when the session ends before it is closed. */
  onEnd(): void
}

/** Null when the token does not hold. */
export async function openSession({ authorization, caller, verify, onEnd }: SessionOptions): Promise<Session | null> {
  const identified = await identify(authorization, verify, caller)
  if (identified.kind === 'refused') return null
  const viewer = viewerOf(identified)
  const watch = watchToken({
    look: async (token) => {
      const now = await identify(token, verify, caller)
      return now.kind === 'known' && isSame(viewerOf(now), viewer) ? now.identity : null
    },
    every: viewer?.keyId ? RECHECK_KEY : RECHECK,
    onEnd,
  })
  if (identified.kind === 'known') watch.follow(authorization, identified.identity.expiresAt)
  return { viewer, renew: watch.check, recheck: watch.recheck, close: watch.stop }
}

interface Watched {
  look(token: unknown): Promise<Identity | null>
  every: number
  onEnd(): void
}

/** Looks at a token when it should expire, and now and then before, until it does not hold or the watch is stopped. */
function watchToken({ look, every, onEnd }: Watched) {
  let timer: NodeJS.Timeout | undefined
  let open = true
  let followed: unknown
  const stop = (): void => {
    open = false
    clearTimeout(timer)
  }
  const follow = (token: unknown, expiresAt: Date | null): void => {
    clearTimeout(timer)
    followed = token
    const life = expiresAt ? expiresAt.getTime() - Date.now() : every
    if (open) timer = setTimeout(() => void check(token), Math.max(0, Math.min(life, every)))
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
  const recheck = async (): Promise<void> => {
    if (open && followed !== undefined) await check(followed)
  }
  return { follow, check, recheck, stop }
}

/** Whether running subscriptions may go on: they answer with the rights that they began with. */
function isSame(left: Viewer | null, right: Viewer | null): boolean {
  const rights = (viewer: Viewer | null) =>
    viewer && [viewer.organizationId, viewer.userId, viewer.keyId, viewer.clientId, ...viewer.roles, ...viewer.scopes]
  return JSON.stringify(rights(left)) === JSON.stringify(rights(right))
}
