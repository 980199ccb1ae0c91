import type { IncomingMessage, ServerResponse } from 'node:http'
import { pipeline } from 'node:stream/promises'
import { traceHeaders } from '@passerelle/platform/telemetry'
import { untilGone } from '../server/gone.ts'
import type { Instances } from './instances.ts'
import { requestIdHeader } from './wire.ts'

/** Hands a plain HTTP request to a subgraph's process, its body and its answer streamed. Throws EngineUnavailable when there is none. */
export type Forward = (
  request: IncomingMessage,
  response: ServerResponse,
  info: { requestId: string; url: URL },
) => Promise<void>

/** Headers between two machines only, and those that the front door sets itself. */
const ownHeaders = new Set([
  'connection',
  'expect',
  'host',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  requestIdHeader,
])

export function createForward(instances: Instances): Forward {
  return async (request, response, { requestId, url }) => {
    const { method = 'GET' } = request
    const gone = untilGone(response, new Error('The client has gone.'))
    const reads = method === 'GET' || method === 'HEAD'
    const answer = await instances
      .send(
        {
          method: method as 'GET',
          path: `${url.pathname}${url.search}`,
          headers: {
            ...passedOn(request.headers),
            ...traceHeaders(),
            [requestIdHeader]: requestId,
            host: request.headers.host ?? '',
          },
          body: reads ? null : request,
          signal: gone,
        },
        { lane: 'plain', repeatable: reads },
      )
      .catch((error: unknown) => {
        if (gone.aborted) return null
        throw error
      })
    if (!answer) return
    response.writeHead(answer.statusCode, passedOn(answer.headers))
    await pipeline(answer.body, response).catch(() => response.destroy())
  }
}

function passedOn(headers: Record<string, string | string[] | undefined>): Record<string, string | string[]> {
  const entries = Object.entries(headers).filter(([name, value]) => value !== undefined && !ownHeaders.has(name))
  return Object.fromEntries(entries) as Record<string, string | string[]>
}
