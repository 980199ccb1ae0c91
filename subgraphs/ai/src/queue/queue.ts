import type { QueueCall, SemaphoreState } from '@passerelle/platform/coordination'
import { NotAllowed, NotFound, type Viewer } from '@passerelle/platform/schema'
import type { Platform } from '@passerelle/platform/subgraph'

/** A call of the queue as one viewer sees it. */
export interface CallView extends QueueCall {
  cancellable: boolean
}

/** The queue as one viewer sees it: totals of the whole card, and calls of the viewer's organisation. */
export interface QueueView extends Omit<SemaphoreState, 'running' | 'waitingCalls'> {
  running: CallView[]
  waitingCalls: (CallView & { place: number })[]
}

/** What runs is shown to the whole organisation; what waits to whoever asked for it, and all of it with `job:manage`. */
export async function readQueue({ models }: Platform, viewer: Viewer): Promise<QueueView> {
  const { running, waitingCalls, ...totals } = await models.queue.state()
  const ours = <Call extends QueueCall>(calls: readonly Call[]) =>
    calls
      .filter(({ organizationId }) => organizationId === viewer.organizationId)
      .map((call) => ({ ...call, cancellable: mayEnd(viewer, call) }))
  return {
    ...totals,
    running: ours(running),
    waitingCalls: ours(waitingCalls).filter(({ cancellable }) => cancellable),
  }
}

/** Ends a call that waits or runs, in whichever process; answers the queue as it is then. */
export async function cancelCall(platform: Platform, viewer: Viewer, id: string): Promise<QueueView> {
  const { queue } = platform.models
  const { running, waitingCalls } = await readQueue(platform, viewer)
  const call = [...running, ...waitingCalls].find((one) => one.id === id)
  if (!call) throw new NotFound('No such call waits or runs.')
  if (!call.cancellable) throw new NotAllowed('This is a colleague’s call.')
  if (!(await queue.cancel(id, viewer.organizationId))) throw new NotFound('The call has ended by itself.')
  return readQueue(platform, viewer)
}

/** One's own, or with `job:manage` any of the organisation. */
function mayEnd({ userId, scopes }: Viewer, call: QueueCall): boolean {
  return scopes.includes('job:manage') || (userId !== null && call.userId === userId)
}
