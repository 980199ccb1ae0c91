import { resolverSeconds, subgraphSeconds, traced, underCaller, underRequest } from '@passerelle/platform/telemetry'
import type { Executor, SubgraphAnswer, SubgraphRequest } from '../engine/subgraph-request.ts'

type Told = (request: { kind: string; outcome: string; seconds: number }) => void

/** The same executor, which tells whoever asks how long the owner of the fields takes. */
export function observedExecutor(subgraph: string, executor: Executor): Executor {
  const told: Told = ({ kind, outcome, seconds }) => subgraphSeconds.observe({ subgraph, kind, outcome }, seconds)
  return (request) => {
    const { kind, requestId } = request
    const attributes = { 'passerelle.subgraph': subgraph, 'passerelle.request_id': requestId }
    return traced(`${subgraph} ${kind}`, { kind: 'client', attributes }, () => time(executor, request, told))
  }
}

/**
 * The same executor, in whose process the resolvers run: tells how long they take, and has them work in the name of the request. What a stream of
 * events does, it does in that name too, though somebody else asks for the next one.
 */
export function resolvingExecutor(executor: Executor): Executor {
  return (request) => {
    const { subgraph, requestId, caller } = request
    const told: Told = ({ kind, outcome, seconds }) => resolverSeconds.observe({ subgraph, kind, outcome }, seconds)
    const answer = () => underCaller(caller, () => time(executor, request, told))
    return underRequest(requestId, async () => inName(requestId, await answer()))
  }
}

async function time(executor: Executor, request: SubgraphRequest, told: Told): Promise<SubgraphAnswer> {
  const since = performance.now()
  let outcome = 'failed'
  try {
    const answer = await executor(request)
    outcome = 'errors' in answer && answer.errors ? 'errors' : 'done'
    return answer
  } finally {
    told({ kind: request.kind, outcome, seconds: (performance.now() - since) / 1000 })
  }
}

function inName(requestId: string, answer: SubgraphAnswer): SubgraphAnswer {
  if (!(Symbol.asyncIterator in answer)) return answer
  const events = answer[Symbol.asyncIterator]()
  return {
    ...answer,
    [Symbol.asyncIterator]: () => ({
      ...events,
      next: () => underRequest(requestId, () => events.next()),
    }),
  }
}
