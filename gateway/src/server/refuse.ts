import type { ServerResponse } from 'node:http'
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
    // What is left of the body is not read.
    return refuse(response, error.status, {
      code: error.code,
      message: error.message,
      headers: { connection: 'close' },
    })
  }
  log.error({ err: error, requestId }, 'a request failed')
  refuse(response, 500, {
    code: 'INTERNAL_SERVER_ERROR',
    message: `This could not be answered. The log has the reason under the request id ${requestId}.`,
  })
}
