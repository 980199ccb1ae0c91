import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { LRUCache } from 'lru-cache'
import { getOperationAST, parse, type DocumentNode } from 'graphql'
import { newId } from '@passerelle/platform/ids'
import type { Log } from '@passerelle/platform/log'
import type { Viewer } from '@passerelle/platform/schema'
import type { Route } from '@passerelle/platform/subgraph'
import { traced, underRequest, underTrace } from '@passerelle/platform/telemetry'
import type { Executor, SubgraphRequest } from '../engine/subgraph-request.ts'
import { readJson, UnreadableBody } from '../server/body.ts'
import { untilGone } from '../server/gone.ts'
import { answerJson, failRequest, refuse } from '../server/refuse.ts'
import { findRoute, refuseMethod } from '../server/routes.ts'
import { nameDoor, timeRequest } from '../server/timed.ts'
import { closeServer, listen } from '../server/listen.ts'
import { answerOwnDoors, type Readiness } from '../server/own-doors.ts'
import { createHide } from './hide.ts'
import { declinedHeader, callerHeader, requestIdHeader, viewerHeader } from './wire.ts'
import { isEventSource, writeEvents } from './write-events.ts'

export interface SubgraphServerOptions {
  name: string
  /** Answers the operations, in this process. */
  executor: Executor
  routes: readonly Route[]
  /** Undefined for a token that does not hold. */
  verifyViewer(token: string): Promise<Viewer | null | undefined>
  readiness(): Promise<Readiness>
  log: Log
  host: string
  port: number
}

export interface SubgraphServer {
  url: string
  /** Takes nothing new, ends the streams so that their readers go elsewhere, and waits for what is under way. */
  drain(milliseconds?: number): Promise<void>
}

/** Representations of a page of entities come in one request. */
const mostBytes = 16 * 1024 * 1024
const mostText = 4_000_000

/**
 * Opens a subgraph for gateways and other processes of the house: its operations, with the viewer that they vouch for, and its plain HTTP.
 * Whoever has no viewer token of this installation gets nothing. Rejects when the port is taken (EADDRINUSE).
 */
export async function openSubgraphServer(options: SubgraphServerOptions): Promise<SubgraphServer> {
  const { name, host, port, log, routes } = options
  const ending = new AbortController()
  const answer = createAnswer(options, ending.signal)
  const server = createServer((request, response) => {
    const requestId = String(request.headers[requestIdHeader] ?? newId('req'))
    response.setHeader(requestIdHeader, requestId)
    timeRequest(response, nameDoor(request.url?.split('?')[0] ?? '/', { routes, otherwise: 'none' }))
    if (ending.signal.aborted) {
      const headers = { [declinedHeader]: '1' }
      return refuse(response, 503, { code: 'ENGINE_UNAVAILABLE', message: `This ${name} is about to end.`, headers })
    }
    const attributes = { 'passerelle.request_id': requestId, 'passerelle.subgraph': name }
    const work = () => answer(request, response, requestId)
    underRequest(requestId, () =>
      underTrace(request.headers, () => traced(`${name} answers`, { kind: 'server', attributes }, work)),
    ).catch((error: unknown) => failRequest(response, { error, requestId, log }))
  })
  // A file that the gateway hands on takes as long to come as the gateway lets it.
  server.requestTimeout = 3_600_000
  const url = await listen(server, { host, port })
  return {
    url,
    async drain(milliseconds = 10_000) {
      ending.abort()
      await closeServer(server, milliseconds)
    },
  }
}

function createAnswer(options: SubgraphServerOptions, ending: AbortSignal) {
  const { routes, readiness, log } = options
  const answerGraphql = createAnswerGraphql(options, ending)
  return async (request: IncomingMessage, response: ServerResponse, requestId: string): Promise<void> => {
    const { method = 'GET' } = request
    const url = URL.parse(request.url ?? '/', 'http://localhost')
    if (!url) return refuse(response, 400, { code: 'BAD_REQUEST', message: 'This is not an address.' })
    const own = answerOwnDoors({ path: url.pathname, readiness }, request, response)
    if (own) return own
    if (url.pathname === '/graphql') {
      return method === 'POST' ? answerGraphql(request, response, requestId) : refuseMethod(response, ['POST'])
    }
    const route = findRoute(routes, { method, path: url.pathname })
    if (!route) return refuse(response, 404, { code: 'NOT_FOUND', message: 'There is nothing here.' })
    if ('allow' in route) return refuseMethod(response, route.allow)
    return route.handle(request, response, { requestId, log, url })
  }
}

function createAnswerGraphql({ name, executor, verifyViewer, log }: SubgraphServerOptions, ending: AbortSignal) {
  const documents = new LRUCache<string, DocumentNode>({
    maxSize: mostText,
    sizeCalculation: (_, text) => text.length + 1,
  })
  const toDocument = (text: string): DocumentNode => {
    const known = documents.get(text)
    if (known) return known
    const document = parse(text, { noLocation: true })
    documents.set(text, document)
    return document
  }
  return async (request: IncomingMessage, response: ServerResponse, requestId: string): Promise<void> => {
    const viewer = await verifyViewer(String(request.headers[viewerHeader] ?? ''))
    if (viewer === undefined)
      return refuse(response, 401, {
        code: 'UNAUTHENTICATED',
        message: 'Only processes of this installation ask here.',
      })
    const caller = request.headers[callerHeader]
    const asked = toAsked(await readJson(request, mostBytes))
    const document = toDocument(asked.query)
    const gone = untilGone(response, new Error('The gateway has gone.'))
    const hide = createHide({ name, requestId, log, gone })
    try {
      const result = await executor({
        ...asked,
        subgraph: name,
        kind: getOperationAST(document, asked.operationName)?.operation ?? 'query',
        document,
        viewer,
        requestId,
        caller: typeof caller === 'string' ? caller : undefined,
        signal: gone,
      })
      if (isEventSource(result)) return await writeEvents(result, { response, hide, ending })
      return answerJson(response, 200, hide(result))
    } catch (error) {
      if (!gone.aborted || error !== gone.reason) throw error
    }
  }
}

function toAsked(body: unknown): Pick<SubgraphRequest, 'query' | 'operationName' | 'variables'> {
  if (typeof body !== 'object' || body === null || !('query' in body) || typeof body.query !== 'string')
    throw new UnreadableBody({ status: 400, code: 'BAD_REQUEST', message: 'A request has a query.' })
  const { query } = body
  const operationName =
    'operationName' in body && typeof body.operationName === 'string' ? body.operationName : undefined
  const variables = 'variables' in body && typeof body.variables === 'object' ? body.variables : null
  return { query, operationName, variables: (variables ?? {}) as Record<string, unknown> }
}
