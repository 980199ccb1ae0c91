import type { LeaseRequest, SemaphoreState } from '../coordination.ts'
import type { Queue } from './turns.ts'

/**
 * Where one semaphore's waiters and leases are kept, shared by every process on the store. Waiters and leases have one id from waiting to
 * release, and both end by themselves when nobody renews them.
 */
export interface LeaseStore {
  /**
   * `queuedAt` in milliseconds: a waiter that comes back after an outage keeps its age. Who already waits or runs under this id is left as
   * it is.
   */
  enqueue(waiter: WaiterRow): Promise<void>
  /** Drops what has expired and grants what the policy gives, atomically. Answers every lease that runs. */
  advance(capacity: number): Promise<GrantedLease[]>
  /** Takes the waiter or the lease out; no error when it is gone. */
  leave(id: string): Promise<void>
  /** Prolongs the waiters and leases; answers those that still exist. */
  renew(ids: readonly string[]): Promise<Set<string>>
  queue(capacity: number): Promise<Queue>
  running(): Promise<SemaphoreState['running']>
  /** True once after another process has changed the store. */
  changedElsewhere(): Promise<boolean>
}

export interface WaiterRow extends Pick<LeaseRequest, 'organizationId' | 'task' | 'model' | 'weight' | 'priority'> {
  id: string
  queuedAt: number
}

export interface GrantedLease {
  id: string
  token: number
}
