import { createHttpExecutor } from './executor.ts'
import { openInstances } from './instances.ts'
import { createForward, type Forward } from './forward.ts'
import type { Executor } from '../engine/subgraph-request.ts'
import type { Viewer } from '@passerelle/platform/schema'

/** A subgraph that runs in processes of its own, which all do the same. */
export interface RemoteSubgraph {
  executor: Executor
  /** Hands a plain HTTP request on and its answer back. */
  forward: Forward
  /** Whether one of its processes is ready. */
  answers(): Promise<boolean>
  close(): Promise<void>
}

/**
 * Opens the way to a subgraph's processes; none of them has to be there yet. A request goes to one after the other in turn; what one did not
 * receive, or would only have read, goes on to the next.
 */
export function openRemoteSubgraph({
  name,
  urls,
  signViewer,
}: {
  name: string
  /** At least one, such as `http://10.0.0.7:4001`. */
  urls: readonly string[]
  signViewer(viewer: Viewer | null): Promise<string>
}): RemoteSubgraph {
  const instances = openInstances({ name, urls })
  return {
    executor: createHttpExecutor({ name, instances, signViewer }),
    forward: createForward(instances),
    async answers() {
      try {
        const { statusCode, body } = await instances.send(
          { method: 'GET', path: '/readyz' },
          { lane: 'plain', repeatable: true },
        )
        await body.dump()
        return statusCode === 200
      } catch {
        return false
      }
    },
    close: () => instances.close(),
  }
}
