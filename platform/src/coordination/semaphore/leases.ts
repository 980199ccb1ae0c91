import type { LeaseRequest, SemaphoreState } from '../coordination.ts'
import type { Queue } from './turns.ts'

/**
 * Where one semaphore's waiters and leases are kept, shared by every process on the store. Waiters and leases have one id from waiting to
 * release, and both end by themselves when nobody renews them.
 */
export interface LeaseStore {
  /**
   * Enters the waiter and advances; answers the leases of this process that are new, at least, to one of the calls made at once. `queuedAt` in milliseconds: a waiter that comes back after an
   * outage keeps its age. Who already waits or runs under this id is left as it is.
   */
  enqueue(waiter: WaiterRow, capacity: number): Promise<GrantedLease[]>
  /** Drops what has expired and grants what the policy gives, atomically. Answers every lease of this process. */
  advance(capacity: number): Promise<GrantedLease[]>
  /**
   * Marks a waiter or lease of the organisation as cancelled; false when there is none under this id. A waiter is out of the queue at once and
   * cannot be entered again; a lease keeps its room until its process leaves. `advance`, `hear` and `enqueue` under its id name it with a token
   * of null until it has left or has expired.
   */
  cancel(id: string, organizationId: string): Promise<boolean>
  /**
   * Takes the waiter or the lease out, cancelled or not, and advances; answers as `enqueue` does. No error when it is gone. Who knows what it
   * weighs spares the store a look.
   */
  leave(call: Call, capacity: number): Promise<GrantedLease[]>
  /**
   * Prolongs the waiters and leases; answers those that still exist. A lease that the store knows to have lost itself, as by a restart, is
   * entered again under its token.
   */
  renew(rows: readonly KnownRow[], capacity: number): Promise<Set<string>>
  queue(capacity: number): Promise<Queue>
  /** Everyone who waits, in any order. */
  waiting(): Promise<WaiterRow[]>
  running(): Promise<SemaphoreState['running']>
  /** Calls back with the leases that other processes' steps have granted, and the calls that they have cancelled. Answers how to stop. */
  hear(onLeases: (leases: readonly GrantedLease[]) => void): () => void
  /** Calls back after another process has changed anything, and once when it has begun to hear of that. Answers how to stop. */
  watch(onChange: () => void): () => void
}

export interface Call {
  id: string
  weight?: number
}

export interface WaiterRow extends Pick<LeaseRequest, 'organizationId' | 'task' | 'model' | 'weight' | 'priority'> {
  id: string
  userId: string | null
  queuedAt: number
}

export interface GrantedLease {
  id: string
  /** null says that the call was cancelled, and that the process it is of has to give it up. */
  token: number | null
}

/** A waiter, or with its token a lease, as its own process knows it. */
export interface KnownRow extends WaiterRow {
  token: number | null
}
