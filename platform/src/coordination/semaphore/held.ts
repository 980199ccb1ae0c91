import { EngineUnavailable } from '../../schema/refusals.ts'
import type { Lease } from '../coordination.ts'
import type { GrantedLease } from './leases.ts'

/** The leases of this process. `giveBack` is told of each that is released; a lost one is only told to its holder. */
export function createHeld(giveBack: (id: string) => Promise<void>) {
  const leases = new Map<string, AbortController>()
  return {
    ids: () => [...leases.keys()],
    has: (id: string) => leases.has(id),
    hold({ id, token }: GrantedLease): Lease {
      const lost = new AbortController()
      leases.set(id, lost)
      return {
        id,
        fencingToken: token,
        lost: lost.signal,
        async release() {
          // A lease that cannot be given back lapses by itself; who has done its work need not hear of it.
          if (leases.delete(id)) await giveBack(id).catch(() => undefined)
        },
      }
    },
    lose(ids: readonly string[]): void {
      for (const id of ids) {
        leases.get(id)?.abort(new EngineUnavailable('coordination'))
        leases.delete(id)
      }
    },
  }
}
