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
import type { Graph } from '../graph.ts'
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
  const server = createApollo(graph, log)
  await server.start()
  return {
    stop: () => server.stop(),
    async handle(request, response, { url, requestId }) {
      const identified = await identify(request.headers.authorization, verify)
      if (identified.kind === 'refused') return refuseToken(response)
      const body = request.method === 'POST' ? await readJson(request) : undefined
      const [fault] = graph.documents.sizeFaults(textOf(url, body))
      if (fault) return refuse(response, 400, { code: String(fault.extensions.code), message: fault.message })
      const caller = callerOf(request)
      const gone = new AbortController()
      response.once('close', () => {
        if (!response.writableFinished) gone.abort(clientGone())
      })
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

function refuseToken(response: ServerResponse): void {
  const message = 'The access token does not hold, or not any more.'
  refuse(response, 401, {
    code: 'UNAUTHENTICATED',
    message,
    headers: { 'www-authenticate': 'Bearer error="invalid_token"' },
  })
}

function createApollo(graph: Graph, log: Log): ApolloServer<RequestContext> {
  return new ApolloServer<RequestContext>({
    gateway: {
      onSchemaLoadOrUpdate(callback) {
        callback({ apiSchema: graph.apiSchema, coreSupergraphSdl: graph.supergraphSdl })
        return () => undefined
      },
      load: async () => ({
        executor: ({ document, operation, request, context }) =>
          execute(graph, { document, operation, ...request, context: context as RequestContext }),
      }),
      stop: async () => undefined,
    },
    parseOptions: graph.limits.parseOptions,
    introspection: true,
    nodeEnv: 'production',
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    logger: apolloLog(log),
    formatError: (formatted) => masked(formatted),
    plugins: [
      costPlugin(graph),
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
  graph: Graph,
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
function costPlugin(graph: Graph): ApolloServerPlugin<RequestContext> {
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
