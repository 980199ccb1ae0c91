import type { ServerResponse } from 'node:http'

/** Aborted, with `reason`, when whoever asked has left before the whole answer was written. */
export function untilGone(response: ServerResponse, reason: Error): AbortSignal {
  const gone = new AbortController()
  const leave = (): void => {
    if (!response.writableFinished) gone.abort(reason)
  }
  if (response.closed) leave()
  else response.once('close', leave)
  return gone.signal
}
