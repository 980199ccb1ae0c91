export { CallCancelled } from './cancelled.ts'

/**
 * Short-lived shared state: memory with time-to-live, rate limits, channels and the fair leased semaphore of the GPU queue. Losing all of it
 * costs comfort, never data. Keys that belong to an organisation are given as (organizationId, key) and no key of one organisation can be
 * spelled so that it meets another's. When the engine fails every call throws EngineUnavailable('coordination').
 */
export interface Coordination {
  memory: ShortTermMemory
  /**
   * Takes `cost` (1 unless given) out of a sliding window; `allowed` false takes nothing. Never lets more than `limit` through in any
   * window; a unit may come back up to a sixtieth of the window late.
   */
  limit(
    organizationId: string,
    key: string,
    rule: { limit: number; windowSeconds: number; cost?: number },
  ): Promise<RateAnswer>
  /** Channels carry ids, at most once, to whoever listens now. */
  publish(channel: string, message: string): Promise<void>
  subscribe(channel: string, onMessage: (message: string) => void): Promise<() => Promise<void>>
  /** The same name is the same semaphore, for everyone on this store; the capacity is fixed by whoever asks first in the process. */
  semaphore(name: string, options: { capacity: number }): Semaphore
  health(): Promise<void>
  close(): Promise<void>
}

/** A key holds a value or a list; whichever was written last replaces the other. Times to live are seconds, fractions allowed. */
export interface ShortTermMemory {
  get(organizationId: string, key: string): Promise<string | null>
  set(organizationId: string, key: string, value: string, ttlSeconds: number): Promise<void>
  remove(organizationId: string, key: string): Promise<void>
  /** Removes everything of the organisation whose key begins so, counted limits included; everything for an empty beginning. Answers how many keys. */
  removeAll(organizationId: string, beginning: string): Promise<number>
  /**
   * Appends to a list, drops the oldest entries beyond the bounds and renews the time-to-live, atomically. `size` is the caller's measure
   * (tokens). The bounds hold always: an entry larger than all of `maxSize` leaves the list empty.
   */
  append(organizationId: string, key: string, entry: { value: string; size: number }, bounds: ListBounds): Promise<void>
  list(organizationId: string, key: string): Promise<{ values: string[]; expiresAt: Date | null }>
}

export interface ListBounds {
  maxEntries: number
  maxSize: number
  ttlSeconds: number
}

export interface RateAnswer {
  allowed: boolean
  remaining: number
  /** Allowed: when all that was taken is back. Refused: when the same request fits. */
  resetsAt: Date
}

/**
 * Weighted leases against one capacity (MiB of VRAM). Interactive before batch; within a priority the organisation that runs the least goes
 * first, then the one whose last turn is longest ago, then first come. Nobody waits for ever: the head of the queue reserves its room, and
 * who had no turn for too long (semaphore/turns.ts) is owed the next one. Leases are renewed by a heart-beat; one whose holder died is
 * taken back in under 30 s. The fencing token grows with every grant, even when the store was lost in between.
 */
export interface Semaphore {
  /** Waits for its turn; the signal cancels the wait. A weight above the capacity is refused at once with InvalidInput. */
  acquire(request: LeaseRequest): Promise<Lease>
  state(): Promise<SemaphoreState>
  /**
   * Ends a call of the organisation, waiting or running, in whichever process it is: who waits is refused with CallCancelled and never gets its
   * turn, who runs hears it by `lost` and gives the room back itself. False when there is none under this id.
   */
  cancel(id: string, organizationId: string): Promise<boolean>
  /** Calls back after every change of the state, coalesced. */
  watch(onChange: () => void): () => void
}

export interface LeaseRequest {
  organizationId: string
  /** Whose call it is; null, or nothing, for the house's own work. */
  userId?: string | null
  task: string
  model: string
  /** A whole number of MiB, at least 1. */
  weight: number
  priority: 'interactive' | 'batch'
  signal?: AbortSignal
  /** Told the place in the queue (1 = next) whenever it changes while waiting. */
  onPlace?: (place: number) => void
}

export interface Lease {
  id: string
  fencingToken: number
  /** Aborted when the lease was lost (the process stalled past its time) or its call cancelled; the holder must stop. */
  lost: AbortSignal
  /** Gives the room back; a second call does nothing. */
  release(): Promise<void>
}

export interface SemaphoreState {
  capacity: number
  used: number
  waiting: number
  running: QueueCall[]
  /** In the order in which they would be served if nothing else came; `place` counts from 1. */
  waitingCalls: (QueueCall & { place: number })[]
}

export interface QueueCall {
  id: string
  organizationId: string
  userId: string | null
  task: string
  model: string
  /** MiB. */
  weight: number
  /** When its turn, or its wait, began. */
  since: Date
}
