import type { Call, GrantedLease, WaiterRow } from '../semaphore/leases.ts'

/** What one process wants changed at once. Nobody who comes is among those who go. */
export interface Changes {
  leaving: Call[]
  entering: WaiterRow[]
  capacity: number
}

/** A script that has more to do keeps all others waiting. */
const MOST = 250

/**
 * Gathers what a process wants changed in the same turn of its event loop, and sends it as one: whoever goes makes room for who comes, and the
 * trip to the store is paid once. The leases that `send` answers are given to one of those who asked, which is as good as another: they are
 * handed out by their ids.
 */
export function gatherChanges(send: (changes: Changes) => Promise<GrantedLease[]>) {
  let gathered: ReturnType<typeof begin> | null = null

  function begin(capacity: number) {
    const { promise, resolve, reject } = Promise.withResolvers<GrantedLease[]>()
    const leaving: Call[] = []
    const entering = new Map<string, WaiterRow>()
    process.nextTick(() => {
      gathered = null
      const changes = { leaving, entering: [...entering.values()], capacity }
      send(changes).then(resolve, reject)
    })
    return { leaving, entering, promise }
  }

  function gather(capacity: number) {
    if (gathered && gathered.leaving.length + gathered.entering.size >= MOST) gathered = null
    return (gathered ??= begin(capacity))
  }

  const takeAll = (leases: GrantedLease[]): GrantedLease[] => leases.splice(0)

  return {
    enter(row: WaiterRow, capacity: number): Promise<GrantedLease[]> {
      const { entering, promise } = gather(capacity)
      entering.set(row.id, row)
      return promise.then(takeAll)
    },
    /** Who goes in the moment in which it comes does not come; it may have come before, though, and so it goes all the same. */
    leave(call: Call, capacity: number): Promise<GrantedLease[]> {
      const { entering, leaving, promise } = gather(capacity)
      entering.delete(call.id)
      leaving.push(call)
      return promise.then(takeAll)
    },
  }
}
