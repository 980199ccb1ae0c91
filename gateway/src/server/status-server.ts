import { createServer } from 'node:http'
import { newId } from '@passerelle/platform/ids'
import type { Log } from '@passerelle/platform/log'
import { closeServer, listen } from './listen.ts'
import { answerOwnDoors, type Readiness } from './own-doors.ts'
import { failRequest, refuse } from './refuse.ts'
import { nameDoor, timeRequest } from './timed.ts'

/** Opens a door for a process that has no other: those that every process has. */
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
    const path = request.url?.split('?')[0] ?? '/'
    timeRequest(response, nameDoor(path, { routes: [], otherwise: 'none' }))
    const answered = answerOwnDoors({ path, readiness }, request, response)
    if (!answered) return refuse(response, 404, { code: 'NOT_FOUND', message: 'There is nothing here.' })
    answered.catch((error: unknown) => failRequest(response, { error, requestId, log }))
  })
  const url = await listen(server, { host, port })
  return { url, close: () => closeServer(server, 1_000) }
}
