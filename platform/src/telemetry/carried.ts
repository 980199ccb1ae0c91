import { ROOT_CONTEXT, propagation } from '@opentelemetry/api'
import { z } from 'zod'
import { currentRequestId, underRequest } from './origin.ts'
import { traceHeaders, traced, underContext, type SpanOptions } from './tracing.ts'

/**
 * Where work comes from, kept with what is done later (jobs, facts): the request that asked for it, and the span that was open then. Ids of our own
 * and nothing else.
 */
export interface Origin {
  requestId?: string | undefined
  traceparent?: string | undefined
}

const kept = z.object({ requestId: z.string().optional(), traceparent: z.string().optional() })

/** What to keep with work that is done later; undefined when nobody asked for it. */
export function currentOrigin(): Origin | undefined {
  const requestId = currentRequestId()
  const { traceparent } = traceHeaders()
  if (requestId === undefined && traceparent === undefined) return undefined
  return { ...(requestId !== undefined && { requestId }), ...(traceparent !== undefined && { traceparent }) }
}

/**
 * Does work that was asked for earlier, in a span of the trace that it comes from; one that comes from nowhere, or of which nothing that makes sense
 * was kept, begins its own.
 */
export function underOrigin<T>(
  origin: unknown,
  { name, attributes = {}, job }: { name: string; attributes?: SpanOptions['attributes']; job?: string },
  work: () => T,
): T {
  const { requestId, traceparent } = kept.safeParse(origin).data ?? {}
  const parent = propagation.extract(ROOT_CONTEXT, traceparent === undefined ? {} : { traceparent })
  const told = { ...attributes, ...(requestId !== undefined && { 'passerelle.request_id': requestId }) }
  const inSpan = () => traced(name, { kind: 'consumer', attributes: told }, work)
  return underRequest(requestId, () => underContext(parent, inSpan), job)
}
