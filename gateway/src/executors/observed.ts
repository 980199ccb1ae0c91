import { subgraphSeconds, traced } from '@passerelle/platform/telemetry'
import type { Executor } from '../engine/subgraph-request.ts'

/** The same executor, which tells how long the owner of the fields takes. */
export function observedExecutor(subgraph: string, executor: Executor): Executor {
  return (request) => {
    const { kind, requestId } = request
    const attributes = { 'passerelle.subgraph': subgraph, 'passerelle.request_id': requestId }
    return traced(`${subgraph} ${kind}`, { kind: 'client', attributes }, async () => {
      const since = performance.now()
      let outcome = 'failed'
      try {
        const answer = await executor(request)
        outcome = 'errors' in answer && answer.errors ? 'errors' : 'done'
        return answer
      } finally {
        subgraphSeconds.observe({ subgraph, kind, outcome }, (performance.now() - since) / 1000)
      }
    })
  }
}
