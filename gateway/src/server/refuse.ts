import type { ServerResponse } from 'node:http'

/** Refuses a request in the form of a GraphQL error, whatever it was for, so that a client has one form to read. */
export function refuse(
  response: ServerResponse,
  status: number,
  { code, message, headers }: { code: string; message: string; headers?: Record<string, string> },
): void {
  if (response.headersSent) {
    response.destroy()
    return
  }
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'cache-control': 'no-store',
    ...headers,
  })
  response.end(
    JSON.stringify({ errors: [{ message, extensions: { code, requestId: response.getHeader('x-request-id') } }] }),
  )
}

export function answerJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' })
  response.end(JSON.stringify(body))
}
