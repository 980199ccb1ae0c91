import type { ServerResponse } from 'node:http'
import type { Cost } from '../limits/rates.ts'

/**
 * Says what is left in the headers of the IETF's draft. `RateLimit-Limit` and `RateLimit-Remaining` are points, `RateLimit-Reset` is seconds, and
 * `RateLimit-Policy` the limit with its window.
 */
export function setCostHeaders(
  response: ServerResponse,
  { limit, remaining, resetsAt }: Cost,
  windowSeconds: number,
): void {
  if (response.headersSent || limit === null || remaining === null || resetsAt === null) return
  response.setHeader('ratelimit-limit', String(limit))
  response.setHeader('ratelimit-remaining', String(remaining))
  const seconds = Math.ceil((resetsAt.getTime() - Date.now()) / 1000)
  // A clock that is read twice may say a little more than the window.
  response.setHeader('ratelimit-reset', String(Math.min(windowSeconds, Math.max(0, seconds))))
  response.setHeader('ratelimit-policy', `${limit};w=${windowSeconds}`)
}
