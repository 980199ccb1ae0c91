import { createHash } from 'node:crypto'
import { ApolloServer, type ApolloServerPlugin, type GraphQLRequestListener } from '@apollo/server'
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled'
import type { DocumentNode, ExecutionResult, OperationDefinitionNode } from 'graphql'
import { LRUCache } from 'lru-cache'
import type { Log } from '@passerelle/platform/log'
import type { Viewer } from '@passerelle/platform/schema'
import { createDeadline, givenUp, times } from '../deadline.ts'
import type { PublicGraph } from '../graph.ts'
import { weightOf } from '../limits/light.ts'
import type { Cost } from '../limits/rates.ts'
import type { Entry } from './entry.ts'

/** What an operation brings along. */
export interface RequestContext {
  viewer: Viewer | null
  requestId: string
  caller: string | undefined
  cost: Cost
  accept: string | undefined
  /** Aborted when the client has gone. */
  signal: AbortSignal
}

export interface Apollo {
  server: ApolloServer<RequestContext>
  /** Hands over a document that was admitted, so that it is neither read nor validated again. */
  keep(text: string, document: DocumentNode): void
}

/** What documents may take that are on their way from admission to execution, and those that were lately, in bytes. */
const MOST_BYTES = 16_000_000

/** Opens the server that answers admitted operations on one part of the graph. */
export function createApollo({ entry, seen }: { entry: Entry; seen: PublicGraph }): Apollo {
  const admitted = new LRUCache<string, DocumentNode>({ maxSize: MOST_BYTES })
  const server = new ApolloServer<RequestContext>({
    gateway: {
      onSchemaLoadOrUpdate(callback) {
        callback({ apiSchema: seen.apiSchema, coreSupergraphSdl: entry.graph.supergraphSdl })
        return () => undefined
      },
      load: async () => ({
        executor: ({ document, operation, request, context }) =>
          execute(seen, { document, operation, ...request, context: context as RequestContext }),
      }),
      stop: async () => undefined,
    },
    documentStore: {
      get: async (key) => admitted.get(key.slice(key.indexOf(':') + 1)),
      // Only what was admitted is kept.
      set: async () => undefined,
      delete: async () => undefined,
    },
    persistedQueries: false,
    introspection: true,
    nodeEnv: 'production',
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    logger: apolloLog(entry.log),
    plugins: [
      tellPlugin(entry),
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
    ],
  })
  return {
    server,
    keep(text, document) {
      const size = weightOf(document, text)
      admitted.set(createHash('sha256').update(text).digest('hex'), document, { size })
    },
  }
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
  const { signal } = deadline
  try {
    return await graph.execute({ document, operationName, variables, viewer, requestId, caller, signal })
  } catch (error) {
    if (!signal.aborted) throw error
    return { errors: [givenUp(error)] }
  } finally {
    deadline.end()
  }
}

/** Says in every answer what it cost, and of errors what clients may know. */
function tellPlugin({ tell, log }: Entry): ApolloServerPlugin<RequestContext> {
  const listener: GraphQLRequestListener<RequestContext> = {
    async didEncounterErrors({ errors, contextValue: { requestId } }) {
      for (const { originalError } of errors)
        if (originalError) log.error({ err: originalError, requestId }, 'an operation failed in the server itself')
    },
    async willSendResponse({ response: { body }, contextValue }) {
      if (body.kind !== 'single') return
      const { errors, extensions } = body.singleResult
      const { requestId, viewer, cost } = contextValue
      body.singleResult.extensions = { ...extensions, cost }
      if (errors) body.singleResult.errors = tell(errors, { requestId, viewer, door: 'http' })
    },
  }
  return { requestDidStart: async () => listener }
}

function apolloLog(log: Log) {
  const say = (level: 'debug' | 'info' | 'warn' | 'error') => (message?: unknown) => log[level](String(message))
  return { debug: say('debug'), info: say('info'), warn: say('warn'), error: say('error') }
}
