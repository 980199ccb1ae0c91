/** What a browser keeps of a log-in. `expiresAt` is the access token's end, an ISO date-time. */
export interface StoredSession {
  accessToken: string
  refreshToken: string
  expiresAt: string
}

/** The outcome of trading a refresh token: a new session, or `rejected` when the server no longer accepts it. */
export type Renewal = { session: StoredSession } | { rejected: true }

export interface SessionKeeperOptions {
  storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>
  /** Trades a refresh token; throws when the server cannot be reached, so that the session is kept for a later try. */
  renew: (refreshToken: string) => Promise<Renewal>
  /** Runs one task at a time across all tabs of this browser. */
  exclusively: <T>(task: () => Promise<T>) => Promise<T>
  now: () => number
  /** The name of the session's place in the storage. */
  key?: string
}

/** What a connection needs of a session. */
export type Tokens = Pick<SessionKeeper, 'freshToken' | 'replaceToken'>

export interface SessionKeeper {
  current: () => StoredSession | undefined
  open: (session: StoredSession) => void
  /** Forgets the session; `expired` says that the server ended it, not the person. */
  close: (reason: CloseReason) => void
  /** A token that is still good for a while, renewed when needed; nothing when nobody is logged in. */
  freshToken: () => Promise<string | undefined>
  /**
   * Replaces a token the server refused by another one of the same person in the same organisation; nothing when somebody else is logged in by then.
   * Parallel callers, also in other tabs, share one renewal.
   */
  replaceToken: (refused: string) => Promise<string | undefined>
  onChange: (listener: (reason?: CloseReason) => void) => () => void
  /** Another tab logged in or out, or found that the session had ended: tells the listeners of this one. */
  noticeOtherTab: () => void
}

export type CloseReason = 'left' | 'expired'

const marginMs = 20_000

/** Keeps the session of this browser: one place, one renewal at a time, shared by every tab. */
export function createSessionKeeper(options: SessionKeeperOptions): SessionKeeper {
  const { storage, renew, exclusively, now, key = 'passerelle.session' } = options
  const endKey = `${key}.end`
  const listeners = new Set<(reason?: CloseReason) => void>()
  const tell = (reason?: CloseReason) => listeners.forEach((listener) => listener(reason))
  const current = () => parseSession(storage.getItem(key))

  function open(session: StoredSession) {
    const { accessToken, refreshToken, expiresAt } = session
    storage.removeItem(endKey)
    storage.setItem(key, JSON.stringify({ accessToken, refreshToken, expiresAt }))
    tell()
  }

  function close(reason: CloseReason) {
    if (!storage.getItem(key)) return
    // Before it goes: other tabs hear of that alone, and what a person sent there goes on when their session merely ended. Who leaves leaves nothing.
    if (reason === 'expired') storage.setItem(endKey, reason)
    storage.removeItem(key)
    tell(reason)
  }

  let renewing: { of: string; done: Promise<string | undefined> } | undefined
  async function replaceToken(refused: string): Promise<string | undefined> {
    const of = current()?.refreshToken
    if (of === undefined) return undefined
    const mine = renewing?.of === of ? renewing : { of, done: exclusively(() => renewUnlessReplaced(refused)) }
    renewing = mine
    const token = await mine.done.finally(() => {
      if (renewing === mine) renewing = undefined
    })
    const before = claimsOf(refused)?.bearer
    return before === undefined || claimsOf(token)?.bearer === before ? token : undefined
  }

  async function renewUnlessReplaced(refused: string): Promise<string | undefined> {
    const session = current()
    if (!session) return undefined
    if (session.accessToken !== refused) return session.accessToken
    const outcome = await renew(session.refreshToken)
    // The person may have logged out while the answer travelled: a closed session stays closed, and who came since is not touched.
    if (current()?.refreshToken !== session.refreshToken) return current()?.accessToken
    if ('rejected' in outcome) {
      close('expired')
      return undefined
    }
    open(outcome.session)
    return outcome.session.accessToken
  }

  return {
    current,
    open,
    close,
    replaceToken,
    async freshToken() {
      const session = current()
      if (!session) return undefined
      if (Date.parse(session.expiresAt) - now() > marginMs) return session.accessToken
      return replaceToken(session.accessToken)
    },
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    noticeOtherTab: () => tell(current() ? undefined : storage.getItem(endKey) ? 'expired' : 'left'),
  }
}

function parseSession(text: string | null): StoredSession | undefined {
  if (!text) return undefined
  try {
    const value: unknown = JSON.parse(text)
    return isSession(value) ? value : undefined
  } catch {
    return undefined
  }
}

function isSession(value: unknown): value is StoredSession {
  if (typeof value !== 'object' || value === null) return false
  const { accessToken, refreshToken, expiresAt } = value as Partial<Record<keyof StoredSession, unknown>>
  return typeof accessToken === 'string' && typeof refreshToken === 'string' && typeof expiresAt === 'string'
}

/** What an access token says of whoever has it. */
export interface Claims {
  /** Who it is, and in which organisation: the same for every session of one person in one house, and for nobody else. */
  bearer: string
  /** Nobody by name for who came by a client's link. */
  person: string
  organization: string
  rights: string
  /** A client of the organisation, who sees the portal and nothing of the application. */
  isClient: boolean
}

/** The organisation that an access token works in, and what it allows there, as the token says; nothing for what is no token. */
export function claimsOf(accessToken: string | undefined): Claims | undefined {
  const [, body = ''] = (accessToken ?? '').split('.')
  try {
    const { org, ...claims } = JSON.parse(atob(body.replaceAll('-', '+').replaceAll('_', '/'))) as Record<
      string,
      unknown
    >
    const rights = JSON.stringify([claims['roles'], claims['scopes']])
    const person = String(claims['sub'] ?? '')
    const bearer = JSON.stringify([org, person, claims['cli']])
    return typeof org === 'string'
      ? { bearer, person, organization: org, rights, isClient: 'cli' in claims }
      : undefined
  } catch {
    return undefined
  }
}
