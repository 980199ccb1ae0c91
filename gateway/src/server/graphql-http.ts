import type { IncomingMessage, ServerResponse } from 'node:http'
import { HeaderMap, type HTTPGraphQLResponse } from '@apollo/server'
import { GraphQLError } from 'graphql'
import { operationCost } from '@passerelle/platform/telemetry'
import { clientGone } from '../deadline.ts'
import { seenBy } from '../graph.ts'
import { identify, viewerOf, type Verify } from '../identity/identity.ts'
import { Refused, type Admitted } from '../limits/admission.ts'
import { badRequest, readAsked, readAskedOfUrl, type Asked } from '../limits/asked.ts'
import type { Cost, Rates } from '../limits/rates.ts'
import { createApollo, type Apollo, type RequestContext } from './apollo.ts'
import { readJson } from './body.ts'
import { setCostHeaders } from './cost-headers.ts'
import type { Entry } from './entry.ts'
import { untilGone } from './gone.ts'
import { refuseOperation } from './refuse.ts'
import type { Tell } from './tell.ts'

/** Answers GraphQL over HTTP: POST, and GET for queries, with automatic persisted queries and the documents of the web application. */
export interface GraphqlHttp {
  handle(request: IncomingMessage, response: ServerResponse, asked: { url: URL; requestId: string }): Promise<void>
  stop(): Promise<void>
}

/** Points of a token that does not hold: guessing them is not free. */
const WRONG_TOKEN = 100

export async function openGraphqlHttp({ entry, verify }: { entry: Entry; verify: Verify }): Promise<GraphqlHttp> {
  const { graph, admit, rates, callerOf, tell } = entry
  // One server for each part of the graph that a caller may know of: what one has parsed, and keeps by its hash, is nothing to the other.
  const servers = new Map(
    [graph, ...Object.values(graph.contracts)].map((seen) => [seen, createApollo({ entry, seen })]),
  )
  for (const { server } of servers.values()) await server.start()

  return {
    async stop() {
      for (const { server } of servers.values()) await server.stop()
    },
    async handle(request, response, { url, requestId }) {
      const caller = callerOf(request)
      const identified = await identify(request.headers.authorization, verify, caller)
      const viewer = viewerOf(identified)
      const tellErrors: TellErrors = (errors) => tell(errors, { requestId, viewer, door: 'http' })
      try {
        if (identified.kind === 'refused') throw await refusedToken(identified.message, { response, rates, caller })
        const operation = await admit(() => readRequest(request, url), { viewer, caller })
        setCostHeaders(response, operation.cost, rates.windowSeconds)
        if (request.method === 'GET' && operation.kind !== 'query') throw onlyQueries(operation.kind)
        const apollo = servers.get(seenBy(graph, viewer))
        if (!apollo) throw new Error('Every part of the graph has a server.')
        // Whoever has gone, or was cut off at the end of this process, is answered nothing: by then the server may have stopped.
        if (response.closed) return
        const { accept } = request.headers
        const context = {
          viewer,
          requestId,
          caller,
          cost: operation.cost,
          accept,
          signal: untilGone(response, clientGone()),
        }
        send(response, await answer(apollo, operation, context), tellErrors)
      } catch (error) {
        const errors = error instanceof Refused ? error.errors : error instanceof GraphQLError ? [error] : null
        if (!errors) throw error
        const cost = errors[0]?.extensions.cost as Cost | undefined
        if (cost) setCostHeaders(response, cost, rates.windowSeconds)
        refuseOperation(response, tellErrors(errors))
      }
    },
  }
}

type TellErrors = (errors: Parameters<Tell>[0]) => ReturnType<Tell>

/** What is said to a token that does not hold, when there are points left for it. */
async function refusedToken(
  message: string,
  { response, rates, caller }: { response: ServerResponse; rates: Rates; caller: string | undefined },
): Promise<GraphQLError> {
  const cost = await rates.take({ viewer: null, caller }, WRONG_TOKEN)
  response.setHeader('www-authenticate', 'Bearer error="invalid_token"')
  return new GraphQLError(message, { extensions: { code: 'UNAUTHENTICATED', cost } })
}

function answer(apollo: Apollo, operation: Admitted, context: RequestContext): Promise<HTTPGraphQLResponse> {
  const { text, document, kind, operationName = null, variables = null } = operation
  operationCost.observe({ kind }, operation.cost.requested)
  apollo.keep(text, document)
  const headers = new HeaderMap([['content-type', 'application/json']])
  if (context.accept !== undefined) headers.set('accept', context.accept)
  return apollo.server.executeHTTPGraphQLRequest({
    httpGraphQLRequest: { method: 'POST', headers, search: '', body: { query: text, operationName, variables } },
    context: async () => context,
  })
}

/**
 * Reads what is asked. A page of another site can make a browser send a GET, or a POST of a form; so a GET says by a header, which such a page
 * cannot add unasked, that it is none of those, and a body is JSON by its type.
 */
async function readRequest(request: IncomingMessage, url: URL): Promise<Asked> {
  if (request.method === 'POST') return readAsked(await readJson(request))
  if (request.method !== 'GET')
    throw new GraphQLError('The graph is asked with GET or POST.', { extensions: { code: 'METHOD_NOT_ALLOWED' } })
  const { headers } = request
  const isOurs =
    /^application\/json\b/i.test(headers['content-type'] ?? '') ||
    Boolean(headers['x-apollo-operation-name'] ?? headers['apollo-require-preflight'])
  if (!isOurs) throw badRequest('A GET needs the header content-type: application/json or apollo-require-preflight.')
  return readAskedOfUrl(url)
}

function onlyQueries(kind: string): GraphQLError {
  return new GraphQLError(`A ${kind} is not sent by GET.`, { extensions: { code: 'METHOD_NOT_ALLOWED' } })
}

/** Sends what the server answered. What it refused without having heard whose request it is, is told here. */
function send(response: ServerResponse, { status, headers, body }: HTTPGraphQLResponse, tellErrors: TellErrors): void {
  // What one caller was answered is kept by no browser and no proxy.
  response.setHeader('cache-control', 'no-store')
  for (const [name, value] of headers) response.setHeader(name, value)
  let text = body.kind === 'complete' ? body.string : ''
  if (text.startsWith('{"errors"') && !text.includes('"requestId"')) {
    const answered = JSON.parse(text) as { errors: { message: string }[] }
    text = JSON.stringify({ ...answered, errors: tellErrors(answered.errors) })
  }
  response.statusCode = status ?? 200
  response.setHeader('content-length', Buffer.byteLength(text))
  response.end(text)
}
