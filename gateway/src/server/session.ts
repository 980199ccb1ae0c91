import type { Viewer } from '@passerelle/platform/schema'
import { identify, viewerOf, type Verify } from '../identity/identity.ts'

/** How often a connection's token is looked at again, so that a session that was ended elsewhere also ends here. In milliseconds. */
const RECHECK = 60_000

/** Who a long-lived connection speaks for, as long as the token holds. */
export interface Session {
  viewer: Viewer | null
  /** Goes on with a newer token of the same viewer; ends the session when it is not one. */
  renew(authorization: unknown): Promise<void>
  close(): void
}

/** Null when the token does not hold. `onEnd` is called once, when the session ends before it is closed. */
export async function openSession(options: {
  authorization: unknown
  verify: Verify
  onEnd: () => void
}): Promise<Session | null> {
  const { verify, onEnd } = options
  let authorization = options.authorization
  let timer: NodeJS.Timeout | undefined
  let open = true
  const first = await identify(authorization, verify)
  if (first.kind === 'refused') return null

  const end = (): void => {
    if (!open) return
    session.close()
    onEnd()
  }
  const watch = (expiresAt: Date | null): void => {
    clearTimeout(timer)
    if (!open) return
    const life = expiresAt ? expiresAt.getTime() - Date.now() : RECHECK
    timer = setTimeout(() => void check(authorization), Math.max(0, Math.min(life, RECHECK)))
  }
  const check = async (token: unknown): Promise<void> => {
    try {
      const now = await identify(token, verify)
      if (now.kind !== 'known' || !isSame(viewerOf(now), session.viewer)) return end()
      authorization = token
      watch(now.identity.expiresAt)
    } catch {
      // Whether the token still holds cannot be found out just now; it is asked again.
      watch(null)
    }
  }
  const session: Session = {
    viewer: viewerOf(first),
    renew: check,
    close() {
      open = false
      clearTimeout(timer)
    },
  }
  if (first.kind === 'known') watch(first.identity.expiresAt)
  return session
}

/** Whether running subscriptions may go on: they answer with the rights that they began with. */
function isSame(left: Viewer | null, right: Viewer | null): boolean {
  const rights = (viewer: Viewer | null) =>
    viewer && [viewer.organizationId, viewer.userId, ...viewer.roles, ...viewer.scopes]
  return JSON.stringify(rights(left)) === JSON.stringify(rights(right))
}
