import { GraphQLError } from 'graphql'

/** How long an answer may take, in milliseconds. A mutation may wait its turn for the inference queue; a subscription stays open. */
export const times = { query: 30_000, mutation: 600_000, subscription: null }

export interface Deadline {
  signal: AbortSignal
  /** How long there is; null for as long as one likes. */
  milliseconds: number | null
  /** To be called when the work is over, or it holds a timer and a listener. */
  end(): void
}

/** A signal that aborts after a time (null: never by itself), or with another signal. */
export function createDeadline({
  milliseconds,
  signal,
}: {
  milliseconds: number | null
  signal?: AbortSignal | undefined
}): Deadline {
  const controller = new AbortController()
  const timer = milliseconds === null ? undefined : setTimeout(() => controller.abort(timedOut()), milliseconds)
  const follow = (): void => controller.abort(signal?.reason)
  if (signal?.aborted) follow()
  else signal?.addEventListener('abort', follow, { once: true })
  return {
    signal: controller.signal,
    milliseconds,
    end() {
      clearTimeout(timer)
      signal?.removeEventListener('abort', follow)
    },
  }
}

function timedOut(): GraphQLError {
  return new GraphQLError('This took too long and was given up.', { extensions: { code: 'TIMED_OUT' } })
}

/** What is left to say when the client has gone: nobody reads it. */
export function clientGone(): GraphQLError {
  return new GraphQLError('The client has gone.', { extensions: { code: 'CANCELLED' } })
}

/** The error of an answer that was given up. */
export function givenUp(reason: unknown): GraphQLError {
  return reason instanceof GraphQLError ? reason : clientGone()
}
