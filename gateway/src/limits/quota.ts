import { GraphQLError } from 'graphql'
import { EngineUnavailable } from '@passerelle/platform/schema'
import type { Log } from '@passerelle/platform/log'

/** How many requests an organisation may make in a month, by who counts them. */
export interface RequestQuota {
  /** Counts one. Throws QUOTA_EXCEEDED when none is left; `spared` ones are counted and never refused. */
  take(organizationId: string, spared: boolean): Promise<void>
  /** What the organisation may do has changed: what is left is asked for anew. */
  forget(organizationId: string): void
  /** Counts what has not been counted yet. */
  close(): Promise<void>
}

/** The quota, and the root fields whose operations are never refused for want of it: people must be able to see why, and to mend it. */
export interface QuotaRules {
  quota: RequestQuota
  spares: ReadonlySet<string>
}

export interface Granted {
  granted: number
  /** Null for no limit. */
  left: number | null
  limit: number | null
  used: number
  resetsAt: Date
}

/** Takes as many of those wanted as are left, and counts those that were let in before. Rejects with EngineUnavailable while nobody can count. */
export type CountRequests = (organizationId: string, amounts: { wanted: number; done: number }) => Promise<Granted>

/** With as many left, requests are let in at once and counted afterwards: however many gateways there are, they do not use them up within that time. */
const PLENTY = 20_000
const COUNT_MILLISECONDS = 1_000
/** How long what is left is believed: a plan may be changed meanwhile. */
const BELIEVED_MILLISECONDS = 5_000
/** Organisations of which it is remembered. */
const MOST_ACCOUNTS = 10_000

interface Waiting {
  resolve(): void
  reject(error: unknown): void
}

interface Account {
  /** Let in and not counted yet. */
  done: number
  waiting: Waiting[]
  /** What was left when it was last counted, less what has been let in since; Infinity for no limit. */
  left: number
  /** Until when that is believed. */
  until: number
  counting: boolean
  /** How often the limits have changed: what was counted before does not say what is left after. */
  changes: number
  /** Ends the pause between two counts. */
  wake: () => void
}

/**
 * A quota that is exact: where little is left every request waits for its own count, many at once in one step. Where plenty is left they are
 * counted once a second. While nobody can count, requests are let in, and counted when it can be done again.
 */
export function createRequestQuota({ count, log }: { count: CountRequests; log: Log }): RequestQuota {
  const accounts = new Map<string, Account>()
  const running = new Set<Promise<void>>()
  let closed = false

  function accountOf(organizationId: string): Account {
    const known = accounts.get(organizationId)
    if (known) return known
    const fresh: Account = { done: 0, waiting: [], left: 0, until: 0, counting: false, changes: 0, wake: () => {} }
    accounts.set(organizationId, fresh)
    return fresh
  }

  function start(organizationId: string, account: Account): void {
    if (account.counting) return
    account.counting = true
    const work = countAll(organizationId, account)
    running.add(work)
    void work.finally(() => running.delete(work))
  }

  async function countAll(organizationId: string, account: Account): Promise<void> {
    while (account.waiting.length > 0 || account.done > 0) {
      if (account.waiting.length === 0) await pause(account)
      if (!(await countOnce(organizationId, account)) && closed) break
    }
    account.counting = false
    if (accounts.size > MOST_ACCOUNTS) accounts.delete(organizationId)
  }

  async function pause(account: Account): Promise<void> {
    if (closed) return
    const over = Promise.withResolvers<void>()
    account.wake = over.resolve
    const timer = setTimeout(over.resolve, COUNT_MILLISECONDS).unref()
    await over.promise
    clearTimeout(timer)
  }

  /** False when nobody could count: who waits is let in, and counted later. */
  async function countOnce(organizationId: string, account: Account): Promise<boolean> {
    const { done, changes } = account
    const waiting = account.waiting.splice(0)
    account.done = 0
    try {
      const granted = await count(organizationId, { wanted: waiting.length, done })
      account.left = granted.left ?? Infinity
      account.until = account.changes === changes ? Date.now() + BELIEVED_MILLISECONDS : 0
      for (const [index, request] of waiting.entries())
        if (index < granted.granted) request.resolve()
        else request.reject(quotaExceeded(granted))
      return true
    } catch (error) {
      if (!(error instanceof EngineUnavailable)) log.error({ err: error, organizationId }, 'requests cannot be counted')
      account.done += done + waiting.length
      for (const request of waiting) request.resolve()
      return false
    }
  }

  return {
    async take(organizationId, spared) {
      const account = accountOf(organizationId)
      if (spared || (account.left > PLENTY && account.until > Date.now())) {
        account.done++
        account.left--
        return start(organizationId, account)
      }
      await new Promise<void>((resolve, reject) => {
        account.waiting.push({ resolve, reject })
        account.wake()
        start(organizationId, account)
      })
    },
    forget(organizationId) {
      const account = accounts.get(organizationId)
      if (account) Object.assign(account, { until: 0, changes: account.changes + 1 })
    },
    async close() {
      closed = true
      for (const { wake } of accounts.values()) wake()
      await Promise.all(running)
    },
  }
}

function quotaExceeded({ limit, used, resetsAt }: Granted): GraphQLError {
  const retryAfter = Math.max(1, Math.ceil((resetsAt.getTime() - Date.now()) / 1000))
  return new GraphQLError('Your organisation has made as many requests as it may this month.', {
    extensions: { code: 'QUOTA_EXCEEDED', limit, used, resetsAt: resetsAt.toISOString(), retryAfter },
  })
}
