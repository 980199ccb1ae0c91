import { createServer } from 'node:http'
import { newId } from '@passerelle/platform/ids'
import type { Log } from '@passerelle/platform/log'
import type { Readiness } from './handle.ts'
import { closeServer, listen } from './listen.ts'
import { answerJson, failRequest, refuse } from './refuse.ts'

/** Opens a door for a process that has no other: it says that it lives (`/healthz`) and whether it is ready (`/readyz`). */
export async function openStatusServer({
  readiness,
  log,
  host,
  port,
}: {
  readiness(): Promise<Readiness>
  log: Log
  host: string
  port: number
}): Promise<{ url: string; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    const requestId = newId('req')
    response.setHeader('x-request-id', requestId)
    const path = request.url?.split('?')[0]
    if (path === '/healthz') return answerJson(response, 200, { status: 'ok' })
    if (path !== '/readyz') return refuse(response, 404, { code: 'NOT_FOUND', message: 'There is nothing here.' })
    readiness()
      .then((now) => answerJson(response, now.ready ? 200 : 503, now))
      .catch((error: unknown) => failRequest(response, { error, requestId, log }))
  })
  const url = await listen(server, { host, port })
  return { url, close: () => closeServer(server, 1_000) }
}
