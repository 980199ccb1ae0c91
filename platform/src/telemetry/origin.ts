import { AsyncLocalStorage } from 'node:async_hooks'
import { trace } from '@opentelemetry/api'

interface Current {
  requestId: string | undefined
  job?: string | undefined
  caller?: string | undefined
}

const current = new AsyncLocalStorage<Current>()

/** Does the work in the name of a request, or of none: what it enqueues, publishes and logs carries the request's id. */
export function underRequest<T>(requestId: string | undefined, work: () => T, job?: string): T {
  return current.run({ requestId, job }, work)
}

/** Does the work of a request that came from this network address, where it is known. */
export function underCaller<T>(caller: string | undefined, work: () => T): T {
  return current.run({ requestId: undefined, ...current.getStore(), caller }, work)
}

/** The network address that the request came from; undefined for what comes from nowhere. */
export function currentCaller(): string | undefined {
  return current.getStore()?.caller
}

/** The request in whose name this is done; undefined for what the house does by itself. */
export function currentRequestId(): string | undefined {
  return current.getStore()?.requestId
}

/** What a line of the log says of where its work comes from. */
export function originOfLine(): { requestId?: string; job?: string; traceId?: string } {
  const { requestId, job } = current.getStore() ?? {}
  const traceId = trace.getActiveSpan()?.spanContext().traceId
  return {
    ...(requestId !== undefined && { requestId }),
    ...(job !== undefined && { job }),
    ...(traceId !== undefined && { traceId }),
  }
}
