import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import compression from 'compression'
import { newId } from '@passerelle/platform/ids'
import type { Log } from '@passerelle/platform/log'
import type { Route } from '@passerelle/platform/subgraph'
import { traced, underRequest, underTrace } from '@passerelle/platform/telemetry'
import type { Rates } from '../limits/rates.ts'
import type { CallerOf } from './caller.ts'
import type { ServeExplorer } from './explorer.ts'
import type { GraphqlHttp } from './graphql-http.ts'
import { setSecurityHeaders } from './headers.ts'
import { answerOwnDoors, type Readiness } from './own-doors.ts'
import { failRequest, refuse } from './refuse.ts'
import { findRoute, refuseMethod } from './routes.ts'
import { nameDoor, timeRequest } from './timed.ts'
import type { ServeWeb } from './web-folder.ts'

/** Points of a request that is no operation. */
const PLAIN_REQUEST = 1

export interface Doors {
  graphql: GraphqlHttp
  explorer: ServeExplorer
  routes: readonly Route[]
  web: ServeWeb
  rates: Pick<Rates, 'takeOfAddress'>
  callerOf: CallerOf
  readiness(): Promise<Readiness>
  log: Log
}

/** Leads each request to its door. Every answer carries a request id, which is also in the log when something went wrong. */
export function createHandler(doors: Doors): RequestListener {
  // Small answers, parts of files, and what is compressed already, are left as they are.
  const filter: compression.CompressionFilter = (request, response) =>
    !response.hasHeader('content-range') && compression.filter(request, response)
  const compress = compression({ threshold: 1024, filter })
  return (request, response) => {
    const requestId = newId('req')
    response.setHeader('x-request-id', requestId)
    setSecurityHeaders(response)
    const path = request.url?.split('?')[0] ?? '/'
    const door = nameDoor(path, { routes: doors.routes, otherwise: 'web' })
    timeRequest(response, door)
    const attributes = { 'passerelle.request_id': requestId, 'http.request.method': request.method ?? '' }
    const go = (): void => {
      const answer = () => lead(doors, { request, response, requestId })
      underRequest(requestId, () =>
        underTrace(request.headers, () => traced(`HTTP ${door}`, { kind: 'server', attributes }, answer)),
      ).catch((error: unknown) => failRequest(response, { error, requestId, log: doors.log }))
    }
    if (request.headers['accept-encoding'] === undefined) go()
    else compress(request as Parameters<typeof compress>[0], response as Parameters<typeof compress>[1], go)
  }
}

async function lead(
  doors: Doors,
  { request, response, requestId }: { request: IncomingMessage; response: ServerResponse; requestId: string },
): Promise<void> {
  const url = toUrl(request)
  if (!url) return refuse(response, 400, { code: 'BAD_REQUEST', message: 'This is not an address.' })
  switch (url.pathname) {
    case '/graphql':
      return doors.graphql.handle(request, response, { url, requestId })
    case '/explorer':
      if (request.method !== 'GET' && request.method !== 'HEAD') return refuseMethod(response, ['GET', 'HEAD'])
      return doors.explorer(request, response)
  }
  const own = answerOwnDoors({ path: url.pathname, readiness: doors.readiness }, request, response)
  if (own) return own
  const route = findRoute(doors.routes, { method: request.method ?? 'GET', path: url.pathname })
  if (!route) return doors.web(request, response)
  if ('allow' in route) return refuseMethod(response, route.allow)
  await doors.rates.takeOfAddress(doors.callerOf(request), PLAIN_REQUEST)
  return route.handle(request, response, { requestId, log: doors.log, url })
}

function toUrl(request: IncomingMessage): URL | null {
  const host = request.headers.host ?? 'localhost'
  return URL.parse(request.url ?? '/', `http://${host}`) ?? URL.parse(request.url ?? '/', 'http://localhost')
}
