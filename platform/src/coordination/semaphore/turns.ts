import type { LeaseRequest } from '../coordination.ts'

/** Who is next: the policy of the semaphore, as pure functions of what runs, what waits and the clock (milliseconds). */
export interface Queue {
  capacity: number
  running: readonly { organizationId: string; weight: number; token: number }[]
  /** First come first. */
  waiting: readonly Waiter[]
  /** When an organisation was last given a lease of a priority. */
  turns: readonly { organizationId: string; priority: Priority; at: number }[]
}

export interface Waiter {
  id: string
  organizationId: string
  weight: number
  priority: Priority
  queuedAt: number
  /** The newest fencing token when it came: every lease with a greater one was granted while it waited. */
  tokenWhenQueued: number
}

export type Priority = LeaseRequest['priority']

/**
 * Milliseconds after which who had no turn is owed one: an organisation among its peers of a priority, and batch as a whole against
 * interactive. A turn pays the debt, however many are waiting behind it, so that a long backlog cannot turn its age into a privilege.
 */
export const PATIENCE: Readonly<Record<Priority, number>> = { interactive: 10_000, batch: 60_000 }

/** The waiters that get a lease now, in order. The weights never exceed what is free. */
export function nextGrants(queue: Queue, now: number): Waiter[] {
  let free = queue.capacity - sumOf(queue.running)
  let passing = Number.POSITIVE_INFINITY
  const granted: Waiter[] = []
  for (const waiter of servingOrder(queue, now)) {
    const weight = Math.min(waiter.weight, queue.capacity)
    if (weight <= free && weight <= passing) {
      granted.push(waiter)
      free -= weight
      passing -= weight
    } else if (passing === Number.POSITIVE_INFINITY) {
      passing = roomBesides(waiter, queue) - sumOf(granted)
    }
    if (free < 1 || passing < 1) break
  }
  return granted
}

/**
 * What may pass the head of the queue while it waits for room: only so much that, once the leases older than the head have ended, it fits
 * beside everything that passed it. So a small model need not wait for a large one, and the large one is never overtaken for ever.
 */
function roomBesides(head: Waiter, queue: Queue): number {
  const passed = queue.running.filter((lease) => lease.token > head.tokenWhenQueued)
  return queue.capacity - Math.min(head.weight, queue.capacity) - sumOf(passed)
}

/** The order in which everyone waiting would be served if nothing else came: the places in the queue. */
export function* servingOrder(queue: Queue, now: number): Generator<Waiter> {
  const lines = toLines(queue)
  const weights = new Map<string, number>()
  for (const { organizationId, weight } of queue.running)
    weights.set(organizationId, (weights.get(organizationId) ?? 0) + weight)
  let batchTurn = Math.max(0, ...queue.turns.filter((turn) => turn.priority === 'batch').map((turn) => turn.at))
  for (let left = queue.waiting.length; left > 0; left--) {
    const line = nextLine(
      lines.filter((candidate) => candidate.waiters.length > candidate.served),
      { weights, batchTurn, now },
    )
    const waiter = headOf(line)
    yield waiter
    line.served += 1
    line.lastTurn = now
    if (line.priority === 'batch') batchTurn = now
    weights.set(line.organizationId, (weights.get(line.organizationId) ?? 0) + waiter.weight)
  }
}

/** One organisation's waiters of one priority; among themselves they are first come, first served. */
interface Line {
  organizationId: string
  priority: Priority
  waiters: Waiter[]
  served: number
  lastTurn: number
}

function toLines(queue: Queue): Line[] {
  const lines = new Map<string, Line>()
  for (const waiter of queue.waiting) {
    const { organizationId, priority } = waiter
    const key = `${priority} ${organizationId}`
    const line = lines.get(key) ?? { organizationId, priority, waiters: [], served: 0, lastTurn: 0 }
    line.waiters.push(waiter)
    lines.set(key, line)
  }
  for (const turn of queue.turns) {
    const line = lines.get(`${turn.priority} ${turn.organizationId}`)
    if (line) line.lastTurn = Math.max(line.lastTurn, turn.at)
  }
  return [...lines.values()]
}

function nextLine(
  lines: Line[],
  { weights, batchTurn, now }: { weights: Map<string, number>; batchTurn: number; now: number },
): Line {
  const interactive = lines.filter((line) => line.priority === 'interactive')
  const batch = lines.filter((line) => line.priority === 'batch')
  const batchSince = Math.max(batchTurn, Math.min(...batch.map((line) => headOf(line).queuedAt)))
  const batchOwed = batch.length > 0 && now - batchSince >= PATIENCE.batch
  const peers = interactive.length === 0 || batchOwed ? batch : interactive
  const rank = (line: Line) => {
    const since = Math.max(headOf(line).queuedAt, line.lastTurn)
    const owed = now - since >= PATIENCE[line.priority]
    return [owed ? 0 : 1, owed ? 0 : (weights.get(line.organizationId) ?? 0), since, line.lastTurn]
  }
  // In one millisecond with another's turn, who had none comes first; then the lines' own order, which is that of their first waiters.
  return peers.reduce((best, line) => (isBefore(rank(line), rank(best)) ? line : best))
}

function isBefore(left: number[], right: number[]): boolean {
  for (const [index, value] of left.entries()) {
    const other = right[index] ?? 0
    if (value !== other) return value < other
  }
  return false
}

function headOf(line: Line): Waiter {
  const head = line.waiters[line.served]
  if (!head) throw new Error('A line without waiters has no head.')
  return head
}

function sumOf(items: readonly { weight: number }[]): number {
  return items.reduce((sum, item) => sum + item.weight, 0)
}
