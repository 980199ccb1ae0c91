import { connect } from 'node:net'
import { Refusal } from '../schema/refusals.ts'
import { ModelFailure } from './provider.ts'

/**
 * A `fetch` bound to a signal its user has no parameter for, sure within `connectMs` whether the server can be reached at all, and with every
 * failure told as a ModelFailure.
 */
export function createFetch(signal: AbortSignal, connectMs: number): typeof fetch {
  return async (input, init = {}) => {
    const url = new URL(input instanceof Request ? input.url : input)
    await reach(url, connectMs, signal)
    const merged = init.signal ? AbortSignal.any([signal, init.signal]) : signal
    // What is sent to one host must not be sent on to another.
    const response = await fetch(url, { ...init, signal: merged, redirect: 'error' }).catch((error: unknown) => {
      throw toFailure(error, signal, 'unreachable')
    })
    if (response.ok) return response
    throw toStatusFailure(response.status, await response.text().catch(() => ''), response.headers.get('retry-after'))
  }
}

/** What a status says: the server cannot now (5xx, too many requests, a time-out of its own), or it will not. */
export function toStatusFailure(status: number, body: string, retryAfter?: string | null): ModelFailure {
  const passing = status >= 500 || status === 408 || status === 425 || status === 429
  const seconds = Number(retryAfter ?? Number.NaN)
  return new ModelFailure(passing ? 'failing' : 'refused', `${status}: ${readMessage(body)}`, {
    status,
    retryAfterMs: Number.isFinite(seconds) && seconds >= 0 ? seconds * 1_000 : null,
  })
}

/** The caller's own reason when it aborted, a refusal or a failure that already has a kind, or else one of `kind`. */
export function toFailure(error: unknown, signal: AbortSignal, kind: ModelFailure['kind']): unknown {
  if (signal.aborted) return signal.reason
  if (error instanceof ModelFailure || error instanceof Refusal) return error
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  return new ModelFailure(kind, cause instanceof Error ? cause.message || cause.name : String(cause), { cause: error })
}

/** Opens and closes a connection: the time a dead host takes must not count as a model's time to think. */
export async function reach(url: URL, connectMs: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted()
  const port = Number(url.port) || (url.protocol === 'https:' ? 443 : 80)
  const socket = connect({ host: url.hostname.replace(/^\[|\]$/g, ''), port, signal })
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  socket.once('connect', resolve)
  socket.once('error', (error) => reject(toFailure(error, signal, 'unreachable')))
  socket.setTimeout(connectMs, () =>
    reject(new ModelFailure('unreachable', `No connection to ${url.host} within ${connectMs} ms.`)),
  )
  await promise.finally(() => socket.destroy())
}

/** `{"error": "…"}` as Ollama has it, `{"error": {"message": "…"}}` as OpenAI does, `{"message" or "detail": "…"}` as others do. */
function readMessage(text: string): string {
  try {
    const body: unknown = JSON.parse(text)
    for (const key of ['error', 'message', 'detail']) {
      const said = memberOf(body, key)
      const message = memberOf(said, 'message') ?? said
      if (typeof message === 'string') return message.slice(0, LONGEST)
    }
  } catch {
    // A proxy's page instead of the server's JSON: shown as it is.
  }
  return text.slice(0, LONGEST)
}

const LONGEST = 500

function memberOf(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined
}
