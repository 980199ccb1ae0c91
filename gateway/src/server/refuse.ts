import type { ServerResponse } from 'node:http'
import { GraphQLError, type GraphQLFormattedError } from 'graphql'
import type { Log } from '@passerelle/platform/log'
import { EngineUnavailable } from '@passerelle/platform/schema'
import { UnreadableBody } from './body.ts'

interface Refused {
  code: string
  message: string
  /** What does not answer, for ENGINE_UNAVAILABLE. */
  engine?: string
  headers?: Record<string, string>
}

/** Refuses a request in the form of a GraphQL error, whatever it was for, so that a client has one form to read. */
export function refuse(response: ServerResponse, status: number, { code, message, engine, headers }: Refused): void {
  if (response.headersSent) {
    response.destroy()
    return
  }
  for (const [name, value] of Object.entries(headers ?? {})) response.setHeader(name, value)
  const requestId = response.getHeader('x-request-id')
  answerJson(response, status, { errors: [{ message, extensions: { code, engine, requestId } }] })
}

/** HTTP statuses of refusals; every other one is 400. A document that is not known here is asked for, which is no fault. */
const statuses: Readonly<Record<string, number>> = {
  DOCUMENT_NOT_TRUSTED: 403,
  INTROSPECTION_OFF: 403,
  METHOD_NOT_ALLOWED: 405,
  PERSISTED_QUERY_NOT_FOUND: 200,
  QUOTA_EXCEEDED: 429,
  RATE_LIMITED: 429,
  UNAUTHENTICATED: 401,
}

/** Refuses an operation with the errors that its client may read. */
export function refuseOperation(response: ServerResponse, errors: readonly GraphQLFormattedError[]): void {
  if (response.headersSent) {
    response.destroy()
    return
  }
  const { code, retryAfter } = errors[0]?.extensions ?? {}
  if (typeof retryAfter === 'number') response.setHeader('retry-after', String(retryAfter))
  if (code === 'METHOD_NOT_ALLOWED') response.setHeader('allow', 'GET, POST')
  answerJson(response, statuses[String(code)] ?? 400, { errors })
}

/** Answers with JSON that nobody keeps. */
export function answerJson(response: ServerResponse, status: number, body: unknown): void {
  const text = JSON.stringify(body)
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-store',
  })
  response.end(text)
}

/** Answers a request that failed: an engine that is away and a body that cannot be read by their kind, anything else without detail. */
export function failRequest(
  response: ServerResponse,
  { error, requestId, log }: { error: unknown; requestId: string; log: Log },
): void {
  if (error instanceof EngineUnavailable) {
    const headers = { 'retry-after': '5' }
    return refuse(response, 503, { code: error.code, message: error.message, engine: error.engine, headers })
  }
  if (error instanceof UnreadableBody) {
    log.info({ requestId, codes: [error.code] }, 'a request was refused')
    // What is left of the body is not read.
    return refuse(response, error.status, {
      code: error.code,
      message: error.message,
      headers: { connection: 'close' },
    })
  }
  if (error instanceof GraphQLError) {
    const { code, limitedBy, retryAfter } = error.extensions
    log.info({ requestId, codes: [code] }, 'a request was refused')
    return refuseOperation(response, [
      { message: error.message, extensions: { code, limitedBy, retryAfter, requestId } },
    ])
  }
  log.error({ err: error, requestId }, 'a request failed')
  refuse(response, 500, {
    code: 'INTERNAL_SERVER_ERROR',
    message: `This could not be answered. The log has the reason under the request id ${requestId}.`,
  })
}
