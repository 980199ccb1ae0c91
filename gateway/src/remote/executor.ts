import type { ExecutionResult } from 'graphql'
import type { Dispatcher } from 'undici'
import { EngineUnavailable, type Viewer } from '@passerelle/platform/schema'
import { traceHeaders } from '@passerelle/platform/telemetry'
import type { Executor } from '../engine/subgraph-request.ts'
import { readEvents } from './event-stream.ts'
import type { Instances } from './instances.ts'
import { callerHeader, eventStream, requestIdHeader, viewerHeader } from './wire.ts'

const lanes = { query: 'queries', mutation: 'mutations', subscription: 'events' } as const

/**
 * Reaches a subgraph's processes over HTTP. Queries, and the opening of subscriptions, are sent again when a process ends in between;
 * mutations only when none has taken them. Throws EngineUnavailable when the subgraph cannot be reached, or is lost in mid-answer.
 */
export function createHttpExecutor({
  name,
  instances,
  signViewer,
}: {
  name: string
  instances: Instances
  signViewer(viewer: Viewer | null): Promise<string>
}): Executor {
  return async ({ kind, query, operationName, variables, viewer, requestId, caller, signal }) => {
    const answer = await instances.send(
      {
        method: 'POST',
        path: '/graphql',
        headers: {
          'content-type': 'application/json',
          accept: kind === 'subscription' ? `${eventStream}, application/json` : 'application/json',
          [viewerHeader]: await signViewer(viewer),
          [requestIdHeader]: requestId,
          ...(caller !== undefined && { [callerHeader]: caller }),
          ...traceHeaders(),
        },
        body: JSON.stringify({ query, operationName, variables }),
        signal,
      },
      { lane: lanes[kind], repeatable: kind !== 'mutation' },
    )
    if (String(answer.headers['content-type']).startsWith(eventStream)) return readEvents(answer.body, name)
    return readAnswer(answer, { name, signal })
  }
}

async function readAnswer(
  { statusCode, body }: Dispatcher.ResponseData,
  { name, signal }: { name: string; signal: AbortSignal },
): Promise<ExecutionResult> {
  const text = await body.text().catch((error: unknown) => {
    signal.throwIfAborted()
    throw new EngineUnavailable(name, error)
  })
  if (statusCode !== 200) throw new Error(`${name} answered with ${statusCode}: ${text.slice(0, 500)}`)
  return JSON.parse(text) as ExecutionResult
}
