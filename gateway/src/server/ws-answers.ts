import { GraphQLError, type ExecutionArgs, type ExecutionResult } from 'graphql'
import type { WebSocket } from 'ws'
import { givenUp } from '../deadline.ts'
import type { Operation } from '../engine/operation.ts'
import type { EventStream } from '../engine/subscription.ts'
import type { Graph } from '../graph.ts'
import type { OpenOperation } from './ws-operations.ts'

/** The close code that tells a client to connect again. */
const SERVICE_RESTART = 1012

/** What `graphql-ws` carries from an operation's message to its answers. */
export function operationOf(args: ExecutionArgs): OpenOperation {
  return args.contextValue as OpenOperation
}

type Answer = Awaited<ReturnType<Graph['subscribe']>>

/** Has an operation answered within its time. */
export async function answer(args: ExecutionArgs, run: (operation: Operation) => Promise<Answer>): Promise<Answer> {
  const { document, operationName, variableValues: variables } = args
  const { session, requestId, caller, deadline, gone } = operationOf(args)
  const signal = deadline?.signal ?? gone.signal
  try {
    return await run({ document, operationName, variables, viewer: session.viewer, requestId, caller, signal })
  } catch (error) {
    if (!signal.aborted) throw error
    return { errors: [givenUp(error)] }
  }
}

/** An answer as it is sent, with what it cost; events of a subscription were paid for when it was opened. */
export function toSent(
  { errors, ...result }: ExecutionResult,
  { args, tellErrors }: { args: ExecutionArgs; tellErrors(errors: readonly GraphQLError[]): unknown },
) {
  const { cost, deadline } = operationOf(args)
  const isEvent = deadline?.milliseconds === null
  return {
    ...(errors && { errors: tellErrors(errors) as readonly GraphQLError[] }),
    ...result,
    ...(!isEvent && { extensions: { ...result.extensions, cost } }),
  }
}

/** A client that does not read what it asked for is let go before what waits for it fills the memory. */
export function hurry(socket: WebSocket, unsentBytes: number): void {
  if (socket.bufferedAmount > unsentBytes) socket.terminate()
}

/**
 * A source of events that goes away has kept some to itself. The connection is then closed as for a restart, after which clients connect again
 * by themselves and continue from the last event they know.
 */
export function orReconnect(subscribed: Answer, args: ExecutionArgs): Answer {
  if (!(Symbol.asyncIterator in subscribed)) return subscribed
  const { socket, gone } = operationOf(args)
  const events = subscribed
  const reconnecting: EventStream = {
    ...events,
    async next() {
      try {
        return await events.next()
      } catch (error) {
        if (!isAway(error)) throw error
        if (!gone.signal.aborted) socket.close(SERVICE_RESTART, 'Please connect again')
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
