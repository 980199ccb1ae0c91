import type { ServerResponse } from 'node:http'

interface Refused {
  code: string
  message: string
  headers?: Record<string, string>
}

/** Refuses a request in the form of a GraphQL error, whatever it was for, so that a client has one form to read. */
export function refuse(response: ServerResponse, status: number, { code, message, headers }: Refused): void {
  if (response.headersSent) {
    response.destroy()
    return
  }
  for (const [name, value] of Object.entries(headers ?? {})) response.setHeader(name, value)
  const requestId = response.getHeader('x-request-id')
  answerJson(response, status, { errors: [{ message, extensions: { code, requestId } }] })
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
