import type { IncomingMessage, Server } from 'node:http'
import { GraphQLError, getOperationAST, type ExecutionArgs } from 'graphql'
import { CloseCode, type Context, type SubscribePayload } from 'graphql-ws'
import { useServer, type Extra } from 'graphql-ws/use/ws'
import { WebSocketServer } from 'ws'
import { newId } from '@passerelle/platform/ids'
import type { Log } from '@passerelle/platform/log'
import type { Viewer } from '@passerelle/platform/schema'
import { liveConnections } from '@passerelle/platform/telemetry'
import { clientGone, createDeadline, givenUp, times, type Deadline } from '../deadline.ts'
import type { Operation } from '../engine/operation.ts'
import type { EventStream } from '../engine/subscription.ts'
import { seenBy, type Graph } from '../graph.ts'
import type { Verify } from '../identity/identity.ts'
import { callerOf } from './caller.ts'
import { openSession, type Session } from './session.ts'

/** Operations that one connection may have open at a time. */
const MOST_OPEN = 100
const MOST_BYTES = 1024 * 1024
/** The close code that tells a client to connect again. */
const SERVICE_RESTART = 1012
/** Between pings; a connection that does not answer one is closed. */
const PING_MILLISECONDS = 12_000

type OwnExtra = { session?: Session; operations?: Map<string, Asked> }

type Connection = Context<Record<string, unknown>, Extra & Partial<OwnExtra>>

/** What the engine needs beside the document, from `onSubscribe` to the executing functions. */
interface Asked {
  socket: Extra['socket']
  session: Session
  requestId: string
  caller: string | undefined
  deadline: Deadline
}

interface WsOptions {
  graph: Graph
  verify: Verify
  log: Log
  server: Server
}

interface GraphqlWs {
  /** Looks again at the tokens of the organisation's connections: somebody there has lost access. */
  recheck(organizationId: string): void
  /** Ends every connection with 1001. */
  close(): Promise<void>
}

/** Answers GraphQL over WebSocket (graphql-transport-ws) at `/graphql`. */
export function openGraphqlWs({ graph, verify, log, server }: WsOptions): GraphqlWs {
  const sessions = new Set<Session>()
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MOST_BYTES })
  const disposable = useServer<Record<string, unknown>, OwnExtra>(
    {
      onConnect: (connection) => admit(connection, { verify, sessions }),
      async onPing({ extra }, payload) {
        const authorization = authorizationOf(payload)
        if (authorization !== undefined) await extra.session?.renew(authorization)
      },
      onSubscribe: (connection, id, payload) => begin({ graph, connection, id }, payload),
      execute: (args) => answer(args, seenBy(graph, viewerOf(args)).execute),
      subscribe: async (args) => orReconnect(await answer(args, seenBy(graph, viewerOf(args)).subscribe), args),
      onComplete: ({ extra }, id) => finish(extra.operations, id),
      onClose({ extra }) {
        extra.session?.close()
        if (extra.session) sessions.delete(extra.session)
        for (const id of extra.operations?.keys() ?? []) finish(extra.operations, id)
      },
      isProd: true,
    },
    sockets,
    PING_MILLISECONDS,
  )
  sockets.on('connection', (socket) => {
    liveConnections.inc()
    socket.once('close', () => liveConnections.dec())
  })
  sockets.on('error', (error) => log.warn({ err: error }, 'a WebSocket connection failed'))
  acceptUpgrades(server, sockets)
  return {
    recheck(organizationId) {
      for (const session of sessions) if (session.viewer?.organizationId === organizationId) void session.recheck()
    },
    close: async () => disposable.dispose(),
  }
}

/** False for a token that does not hold, which closes the connection with 4403. */
async function admit(
  { connectionParams, extra }: Connection,
  { verify, sessions }: { verify: Verify; sessions: Set<Session> },
): Promise<boolean> {
  const { socket } = extra
  const onEnd = (): void => socket.close(CloseCode.Forbidden, 'The access token does not hold any more')
  const caller = callerOf(extra.request)
  const session = await openSession({ authorization: authorizationOf(connectionParams), caller, verify, onEnd })
  if (!session) return false
  if (socket.readyState !== socket.OPEN) session.close()
  else {
    Object.assign(extra, { session, operations: new Map() } satisfies OwnExtra)
    sessions.add(session)
  }
  return true
}

/** Frees what an operation still holds. */
function finish(operations: Map<string, Asked> | undefined, id: string): void {
  const asked = operations?.get(id)
  operations?.delete(id)
  asked?.deadline.abort(clientGone())
  asked?.deadline.end()
}

function acceptUpgrades(server: Server, sockets: WebSocketServer): void {
  server.on('upgrade', (request: IncomingMessage, socket, head) => {
    socket.on('error', () => socket.destroy())
    const path = request.url?.split('?')[0]
    if (path !== '/graphql') {
      socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n')
      return
    }
    sockets.handleUpgrade(request, socket, head, (webSocket) => sockets.emit('connection', webSocket, request))
  })
}

function authorizationOf(payload: Record<string, unknown> | undefined): unknown {
  return payload?.authorization ?? payload?.Authorization
}

function begin(
  at: { graph: Graph; connection: Connection; id: string },
  payload: SubscribePayload,
): ExecutionArgs | readonly GraphQLError[] {
  const { graph, connection, id } = at
  const { session, operations } = connection.extra
  if (!session || !operations) throw new Error('An operation came before its connection was acknowledged.')
  if (operations.size >= MOST_OPEN) return [tooMany()]
  const seen = seenBy(graph, session.viewer)
  const document = seen.documents.fromText(payload.query)
  if (!('kind' in document)) return document
  const { operationName, variables } = payload
  const refusals = seen.limits.check({ document, operationName, variables })
  if (refusals.length > 0) return refusals
  const kind = getOperationAST(document, operationName)?.operation ?? 'query'
  const { socket, request } = connection.extra
  const asked: Asked = {
    socket,
    session,
    requestId: newId('req'),
    caller: callerOf(request),
    deadline: createDeadline({ milliseconds: times[kind] }),
  }
  operations.set(id, asked)
  return { schema: seen.apiSchema, document, operationName, variableValues: variables, contextValue: asked }
}

function viewerOf(args: ExecutionArgs): Viewer | null {
  return (args.contextValue as Asked).session.viewer
}

type Answer = Awaited<ReturnType<Graph['subscribe']>>

async function answer(args: ExecutionArgs, run: (operation: Operation) => Promise<Answer>): Promise<Answer> {
  const { document, operationName, variableValues: variables } = args
  const { session, requestId, caller, deadline } = args.contextValue as Asked
  try {
    return await run({
      document,
      operationName,
      variables,
      viewer: session.viewer,
      requestId,
      caller,
      signal: deadline.signal,
    })
  } catch (error) {
    if (!deadline.signal.aborted) throw error
    return { errors: [givenUp(error)] }
  }
}

/**
 * A source of events that goes away has kept some to itself. The connection is then closed as for a restart, after which clients connect again
 * by themselves and continue from the last event they know.
 */
function orReconnect(subscribed: Answer, args: ExecutionArgs): Answer {
  if (!(Symbol.asyncIterator in subscribed)) return subscribed
  const { socket, deadline } = args.contextValue as Asked
  const events = subscribed
  const reconnecting: EventStream = {
    ...events,
    async next() {
      try {
        return await events.next()
      } catch (error) {
        if (!isAway(error)) throw error
        if (!deadline.signal.aborted) socket.close(SERVICE_RESTART, 'Please connect again')
        return { value: undefined, done: true }
      }
    },
    [Symbol.asyncIterator]: () => reconnecting,
  }
  return reconnecting
}

function isAway(error: unknown): boolean {
  return error instanceof GraphQLError && error.extensions.code === 'ENGINE_UNAVAILABLE'
}

function tooMany(): GraphQLError {
  return new GraphQLError(`A connection has at most ${MOST_OPEN} operations open at a time.`, {
    extensions: { code: 'RATE_LIMITED' },
  })
}
