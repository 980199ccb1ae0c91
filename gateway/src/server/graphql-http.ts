import type { IncomingMessage, ServerResponse } from 'node:http'
import {
  ApolloServer,
  HeaderMap,
  type ApolloServerPlugin,
  type GraphQLRequestListener,
  type HTTPGraphQLResponse,
} from '@apollo/server'
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled'
import type { DocumentNode, ExecutionResult, GraphQLFormattedError, OperationDefinitionNode } from 'graphql'
import type { Log } from '@passerelle/platform/log'
import type { Viewer } from '@passerelle/platform/schema'
import { clientGone, createDeadline, givenUp, times } from '../deadline.ts'
import { seenBy, type Graph, type PublicGraph } from '../graph.ts'
import { identify, viewerOf, type Verify } from '../identity/identity.ts'
import { readJson } from './body.ts'
import { callerOf } from './caller.ts'
import { refuse } from './refuse.ts'

/** Answers GraphQL over HTTP: POST, and GET for queries, with automatic persisted queries. */
export interface GraphqlHttp {
  handle(request: IncomingMessage, response: ServerResponse, asked: { url: URL; requestId: string }): Promise<void>
  stop(): Promise<void>
}

interface RequestContext {
  viewer: Viewer | null
  requestId: string
  caller: string | undefined
  /** Aborted when the client has gone. */
  signal: AbortSignal
}

export async function openGraphqlHttp(options: { graph: Graph; verify: Verify; log: Log }): Promise<GraphqlHttp> {
  const { graph, verify, log } = options
  // One server for each part of the graph that a caller may know of: what one has parsed, and keeps by its hash, is nothing to the other.
  const servers = new Map([graph, graph.partner].map((seen) => [seen, createApollo({ graph, seen, log })]))
  for (const server of servers.values()) await server.start()
  return {
    async stop() {
      for (const server of servers.values()) await server.stop()
    },
    async handle(request, response, { url, requestId }) {
      const caller = callerOf(request)
      const identified = await identify(request.headers.authorization, verify, caller)
      if (identified.kind === 'refused') return refuseToken(response, identified.message)
      const body = request.method === 'POST' ? await readJson(request) : undefined
      const seen = seenBy(graph, viewerOf(identified))
      const [fault] = seen.documents.sizeFaults(textOf(url, body))
      if (fault) return refuse(response, 400, { code: String(fault.extensions.code), message: fault.message })
      const gone = new AbortController()
      response.once('close', () => {
        if (!response.writableFinished) gone.abort(clientGone())
      })
      const server = servers.get(seen)
      if (!server) throw new Error('Every part of the graph has a server.')
      const answer = await server.executeHTTPGraphQLRequest({
        httpGraphQLRequest: { method: request.method ?? 'GET', headers: headersOf(request), search: url.search, body },
        context: async () => ({ viewer: viewerOf(identified), requestId, caller, signal: gone.signal }),
      })
      send(response, answer)
    },
  }
}

/** The document that a request brings; empty when it brings none, or only the hash of one. */
function textOf(url: URL, body: unknown): string {
  const text = typeof body === 'object' && body !== null && 'query' in body ? body.query : url.searchParams.get('query')
  return typeof text === 'string' ? text : ''
}

function refuseToken(response: ServerResponse, message: string): void {
  refuse(response, 401, {
    code: 'UNAUTHENTICATED',
    message,
    headers: { 'www-authenticate': 'Bearer error="invalid_token"' },
  })
}

function createApollo({
  graph,
  seen,
  log,
}: {
  graph: Graph
  seen: PublicGraph
  log: Log
}): ApolloServer<RequestContext> {
  return new ApolloServer<RequestContext>({
    gateway: {
      onSchemaLoadOrUpdate(callback) {
        callback({ apiSchema: seen.apiSchema, coreSupergraphSdl: graph.supergraphSdl })
        return () => undefined
      },
      load: async () => ({
        executor: ({ document, operation, request, context }) =>
          execute(seen, { document, operation, ...request, context: context as RequestContext }),
      }),
      stop: async () => undefined,
    },
    parseOptions: seen.limits.parseOptions,
    introspection: true,
    nodeEnv: 'production',
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    logger: apolloLog(log),
    formatError: (formatted) => masked(formatted),
    plugins: [
      costPlugin(seen),
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
    ],
  })
}

interface Executed {
  document: DocumentNode
  /** Undefined when the document has no operation of the name asked for; the engine says so. */
  operation: OperationDefinitionNode | undefined
  operationName?: string | undefined
  variables?: Record<string, unknown> | undefined
  context: RequestContext
}

async function execute(
  graph: PublicGraph,
  { document, operation, operationName, variables, context }: Executed,
): Promise<ExecutionResult> {
  const { viewer, requestId, caller } = context
  const deadline = createDeadline({ milliseconds: times[operation?.operation ?? 'query'], signal: context.signal })
  try {
    return await graph.execute({
      document,
      operationName,
      variables,
      viewer,
      requestId,
      caller,
      signal: deadline.signal,
    })
  } catch (error) {
    if (!deadline.signal.aborted) throw error
    return { errors: [givenUp(error)] }
  } finally {
    deadline.end()
  }
}

/** Refuses what asks for too much, before anything is asked. */
function costPlugin(graph: PublicGraph): ApolloServerPlugin<RequestContext> {
  const listener: GraphQLRequestListener<RequestContext> = {
    async didResolveOperation({ document, request: { operationName, variables } }) {
      const [refusal] = graph.limits.check({ document, operationName, variables })
      if (!refusal) return
      Object.assign(refusal.extensions, { http: { status: 400, headers: new HeaderMap() } })
      throw refusal
    },
  }
  return { requestDidStart: async () => listener }
}

/** The engine masks what subgraphs fail with; what fails in the server itself says nothing either. */
function masked(formatted: GraphQLFormattedError): GraphQLFormattedError {
  const { code, requestId } = formatted.extensions ?? {}
  if (code !== 'INTERNAL_SERVER_ERROR' || requestId !== undefined) return formatted
  const isOurs = formatted.message.startsWith('Cannot return null for non-nullable field ')
  return isOurs ? formatted : { message: 'This could not be answered.', extensions: { code } }
}

function headersOf(request: IncomingMessage): HeaderMap {
  const headers = new HeaderMap()
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value)
  }
  return headers
}

function send(response: ServerResponse, { status, headers, body }: HTTPGraphQLResponse): void {
  for (const [name, value] of headers) response.setHeader(name, value)
  const text = body.kind === 'complete' ? body.string : ''
  response.statusCode = status ?? 200
  response.setHeader('content-length', Buffer.byteLength(text))
  response.end(text)
}

function apolloLog(log: Log) {
  const say = (level: 'debug' | 'info' | 'warn' | 'error') => (message?: unknown) => log[level](String(message))
  return { debug: say('debug'), info: say('info'), warn: say('warn'), error: say('error') }
}
