import { EngineUnavailable } from '../../schema/refusals.ts'
import type { Lease } from '../coordination.ts'
import { CallCancelled } from '../cancelled.ts'
import type { KnownRow, WaiterRow } from './leases.ts'

/**
 * The leases of this process. `giveBack`, which does not fail, is told of each that is released; a lost one is only told to its
 * holder.
 */
export function createHeld(giveBack: (row: WaiterRow) => Promise<void>) {
  const leases = new Map<string, { row: KnownRow; lost: AbortController }>()
  return {
    ids: () => [...leases.keys()],
    rows: () => [...leases.values()].map(({ row }) => row),
    has: (id: string) => leases.has(id),
    hold(token: number, row: WaiterRow): Lease {
      const { id } = row
      const lost = new AbortController()
      leases.set(id, { row: { ...row, token }, lost })
      return {
        id,
        fencingToken: token,
        lost: lost.signal,
        async release() {
          if (leases.delete(id)) await giveBack(row)
        },
      }
    },
    /** Tells the holder to stop; the lease is its own until it has. */
    cancel: (id: string) => leases.get(id)?.lost.abort(new CallCancelled()),
    lose(ids: readonly string[]): void {
      for (const id of ids) {
        leases.get(id)?.lost.abort(new EngineUnavailable('coordination'))
        leases.delete(id)
      }
    },
  }
}
