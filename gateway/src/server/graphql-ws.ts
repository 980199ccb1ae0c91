import type { Server } from 'node:http'
import { GraphQLError, type ExecutionArgs } from 'graphql'
import { CloseCode, type Context, type ServerOptions, type SubscribePayload } from 'graphql-ws'
import { useServer, type Extra } from 'graphql-ws/use/ws'
import type { WebSocket } from 'ws'
import { newId } from '@passerelle/platform/ids'
import { operationCost } from '@passerelle/platform/telemetry'
import { givenUp, times } from '../deadline.ts'
import { seenBy } from '../graph.ts'
import type { Verify } from '../identity/identity.ts'
import { Refused } from '../limits/admission.ts'
import { readAsked } from '../limits/asked.ts'
import type { Entry } from './entry.ts'
import { openSession, type Session } from './session.ts'
import { answer, hurry, operationOf, orReconnect, toSent } from './ws-answers.ts'
import { createOpenOperations, type OpenOperations } from './ws-operations.ts'
import { logClientErrors, openWebSockets, TRY_AGAIN_LATER } from './ws-upgrade.ts'

/** Between pings; a connection that does not answer one is closed. */
const PING_MILLISECONDS = 12_000

type OwnExtra = { session?: Session; operations?: OpenOperations }

type Connection = Context<Record<string, unknown>, Extra & Partial<OwnExtra>>

interface WsOptions {
  entry: Entry
  verify: Verify
  server: Server
}

interface GraphqlWs {
  /** Looks again at the tokens of the organisation's connections: somebody there has lost access. */
  recheck(organizationId: string): void
  /** Ends every connection with 1001. */
  close(): Promise<void>
}

/** Answers GraphQL over WebSocket (graphql-transport-ws) at `/graphql`. */
export function openGraphqlWs({ entry, verify, server }: WsOptions): GraphqlWs {
  const { connections, callerOf, log } = entry
  const sessions = new Set<Session>()
  const operationsOf = new WeakMap<WebSocket, OpenOperations>()
  const onCancel = (socket: WebSocket, id: string): void => operationsOf.get(socket)?.cancel(id)
  const sockets = openWebSockets(server, { connections, callerOf, log, onCancel })
  const disposable = useServer<Record<string, unknown>, OwnExtra>(
    {
      async onConnect(connection) {
        const isIn = await admit(connection, { entry, verify, sessions })
        if (connection.extra.operations) operationsOf.set(connection.extra.socket, connection.extra.operations)
        return isIn
      },
      async onPing({ extra }, payload) {
        const authorization = authorizationOf(payload)
        if (authorization !== undefined) await extra.session?.renew(authorization)
      },
      ...createOperationHooks(entry),
      onClose({ extra }) {
        extra.session?.close()
        if (extra.session) sessions.delete(extra.session)
        extra.operations?.close()
      },
      isProd: true,
    },
    sockets,
    PING_MILLISECONDS,
  )
  logClientErrors(sockets, log)
  return {
    recheck(organizationId) {
      for (const session of sessions) if (session.viewer?.organizationId === organizationId) void session.recheck()
    },
    close: async () => disposable.dispose(),
  }
}

/** What happens to an operation from its message to its last answer. */
function createOperationHooks(entry: Entry): ServerOptions<Record<string, unknown>, Extra & OwnExtra> {
  const { graph, connections, tell } = entry
  const requestIds = new WeakMap<object, string>()
  const tellErrors = ({ extra }: Connection, payload: object, errors: readonly GraphQLError[]) =>
    tell(errors, {
      requestId: requestIds.get(payload) ?? newId('req'),
      viewer: extra.session?.viewer ?? null,
      door: 'websocket',
    })
  return {
    onSubscribe(connection, id, payload) {
      const requestId = newId('req')
      requestIds.set(payload, requestId)
      return begin({ entry, connection, id, requestId }, payload)
    },
    execute: (args) => answer(args, seenBy(graph, operationOf(args).session.viewer).execute),
    subscribe: async (args) =>
      orReconnect(await answer(args, seenBy(graph, operationOf(args).session.viewer).subscribe), args),
    onNext(connection, ...[, payload, args, result]) {
      hurry(connection.extra.socket, connections.limits.unsentBytes)
      return toSent(result, { args, tellErrors: (errors) => tellErrors(connection, payload, errors) })
    },
    onError: (connection, ...[, payload, errors]) => tellErrors(connection, payload, errors),
    onComplete: ({ extra }, _id, payload) => extra.operations?.finish(payload),
  }
}

/** False for a token that does not hold, which closes the connection with 4403. */
async function admit(
  { connectionParams, extra }: Connection,
  { entry, verify, sessions }: { entry: Entry; verify: Verify; sessions: Set<Session> },
): Promise<boolean> {
  const { socket } = extra
  const onEnd = (): void => socket.close(CloseCode.Forbidden, 'The access token does not hold any more')
  const caller = entry.callerOf(extra.request)
  const session = await openSession({ authorization: authorizationOf(connectionParams), caller, verify, onEnd })
  if (!session) return false
  const giveBack = entry.connections.takeConnection({ viewer: session.viewer, caller })
  if (!giveBack) socket.close(TRY_AGAIN_LATER, 'There are too many connections of this caller')
  if (!giveBack || socket.readyState !== socket.OPEN) {
    giveBack?.()
    session.close()
  } else {
    socket.once('close', giveBack)
    Object.assign(extra, { session, operations: createOpenOperations() } satisfies OwnExtra)
    sessions.add(session)
  }
  return true
}

function authorizationOf(payload: Record<string, unknown> | undefined): unknown {
  return payload?.authorization ?? payload?.Authorization
}

/** Lets an operation in, or says why not. It counts as open from its message on. */
async function begin(
  { entry, connection, id, requestId }: { entry: Entry; connection: Connection; id: string; requestId: string },
  payload: SubscribePayload,
): Promise<ExecutionArgs | readonly GraphQLError[]> {
  const { connections, callerOf, admit: admitOperation } = entry
  const { session, operations, socket, request } = connection.extra
  if (!session || !operations) throw new Error('An operation came before its connection was acknowledged.')
  const caller = callerOf(request)
  if (operations.size >= connections.limits.operations) return [tooMany('A connection', connections.limits.operations)]
  const giveBack = connections.takeOperation({ viewer: session.viewer, caller })
  const { operationsPerViewer, operationsPerClient } = connections.limits
  if (!giveBack) return [tooMany('A caller', session.viewer?.clientId ? operationsPerClient : operationsPerViewer)]
  operations.begin(payload, { id, socket, session, requestId, caller }, giveBack)
  try {
    const { document, kind, operationName, variables, cost } = await admitOperation(() => readAsked(payload), {
      viewer: session.viewer,
      caller,
    })
    const operation = operations.admit(payload, { cost, milliseconds: times[kind] })
    if (!operation) throw givenUp(null)
    operationCost.observe({ kind }, cost.requested)
    const { apiSchema: schema } = seenBy(entry.graph, session.viewer)
    return { schema, document, operationName, variableValues: variables, contextValue: operation }
  } catch (error) {
    operations.finish(payload)
    if (error instanceof Refused) return error.errors
    if (error instanceof GraphQLError) return [error]
    throw error
  }
}

function tooMany(who: string, most: number): GraphQLError {
  return new GraphQLError(`${who} has at most ${most} operations open at a time.`, {
    extensions: { code: 'RATE_LIMITED', limitedBy: 'operations', limit: most, retryAfter: 1 },
  })
}
