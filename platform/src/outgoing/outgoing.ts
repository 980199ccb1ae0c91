import { lookup } from 'node:dns/promises'
import { toAllowList } from './allow-list.ts'
import { toFailure } from './failure.ts'
import { send } from './send.ts'
import { requireTarget, type Resolve, type Target } from './target.ts'

/**
 * The one door for requests to addresses that customers name: webhooks, workflows, chat rooms.
 *
 * Promises: nothing is sent to an address that is not on the internet, unless the installation allows it; that is checked on what is written, on every
 * address that the name leads to, and the connection goes to one of those checked, so that a name that changes its mind in between changes nothing.
 * Certificates are verified, redirects are answers like any other and never followed, what is sent, what is read and how long it takes is bounded.
 */
export interface Outgoing {
  /** Looks at an address without asking it anything; OutgoingFailure when it would not be asked. One whose name is not known yet is let through. */
  check(url: string): Promise<void>
  /** Any answer, whatever its status; OutgoingFailure when there is none. Rejects with the signal's reason when that aborts. */
  post(request: OutgoingRequest): Promise<OutgoingAnswer>
}

export interface OutgoingRequest {
  url: string
  headers: Readonly<Record<string, string>>
  /** Sent as it is, 1 MB at most. */
  body: string
  timeoutMs: number
  /** How much of the answer is read, in bytes; the rest is left. */
  answerBytes: number
  signal?: AbortSignal
}

export interface OutgoingAnswer {
  status: number
  /** What was read of it, as text. */
  body: string
  /** True when there was more of it. */
  cut: boolean
  /** When the server wants to be asked again at the earliest, in milliseconds from now; null when it does not say. */
  retryAfterMs: number | null
  latencyMs: number
}

export { OutgoingFailure, type OutgoingFailureCode } from './failure.ts'
export { toAllowList } from './allow-list.ts'

const mostBytes = 1_000_000

interface OutgoingOptions {
  /** Networks and hosts of the installation's own that may be asked; see `toAllowList`. */
  allow?: string | undefined
  /** Instead of the machine's resolver. */
  resolve?: Resolve
  /** Trusted beside the certificate authorities of the machine. */
  ca?: string
}

const resolveName: Resolve = async (host) => (await lookup(host, { all: true })).map(({ address }) => address)

/** Opens the door; nothing stays open behind it. Throws for a list that cannot be read. */
export function openOutgoing({ allow = '', resolve = resolveName, ca }: OutgoingOptions = {}): Outgoing {
  const allowed = toAllowList(allow)
  const target = (url: string): Promise<Target> => requireTarget(url, allowed, resolve)
  return {
    async check(url) {
      await target(url).catch((error: unknown) => {
        const failure = toFailure(error)
        if (failure.code !== 'NAME_UNKNOWN') throw failure
      })
    },
    async post({ url, timeoutMs, signal, body, ...rest }) {
      if (Buffer.byteLength(body) > mostBytes) throw new RangeError(`More than ${mostBytes} bytes are not sent.`)
      const since = performance.now()
      const limit = AbortSignal.timeout(timeoutMs)
      const until = signal ? AbortSignal.any([signal, limit]) : limit
      try {
        const found = await unlessAborted(target(url), until)
        const answer = await send(found, { ...rest, body, ca, signal: until })
        return { ...answer, latencyMs: Math.round(performance.now() - since) }
      } catch (error) {
        if (signal?.aborted) throw signal.reason
        throw toFailure(limit.aborted ? limit.reason : error)
      }
    },
  }
}

/** A resolver cannot be told to stop. */
function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>()
  const onAbort = (): void => reject(signal.reason)
  signal.addEventListener('abort', onAbort, { once: true })
  if (signal.aborted) onAbort()
  return Promise.race([work, promise]).finally(() => signal.removeEventListener('abort', onAbort))
}
