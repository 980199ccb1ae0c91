import type { Fact } from './facts.ts'
import type { Subscriber } from './subscriber.ts'

/** Reads a batch of an organisation's log after the position; waits for a database that is away until `isOver`. */
export type ReadLog = (organizationId: string, position: number, isOver: () => boolean) => Promise<Fact[]>

/** More than a wake-up usually tells of. A shorter answer is the end of the log. */
export const batch = 500

/** What one organisation's live subscribers share: each new fact is read once for all of them. */
export interface Feed {
  /** The last position that was handed out. */
  readonly position: number
  readonly isEmpty: boolean
  /** False when the feed is ahead of the subscriber; otherwise it gets what commits later. */
  join(subscriber: Subscriber): boolean
  leave(subscriber: Subscriber): void
  /** New facts may be there. */
  wake(): void
}

/** A feed that goes on from the position. `onBehind` is given the subscribers that do not keep up; they are out of the feed then. */
export function createFeed(
  { organizationId, position: start }: { organizationId: string; position: number },
  { read, onBehind }: { read: ReadLog; onBehind: (subscriber: Subscriber) => void },
): Feed {
  const subscribers = new Set<Subscriber>()
  let position = start
  let reading = false
  let again = false

  function handOut(fact: Fact): void {
    position = Number(fact.position)
    for (const subscriber of subscribers) {
      if (subscriber.offer(fact)) continue
      subscribers.delete(subscriber)
      onBehind(subscriber)
    }
  }

  async function advance(): Promise<void> {
    reading = true
    try {
      while (again && subscribers.size > 0) {
        again = false
        const facts = await read(organizationId, position, () => subscribers.size === 0)
        facts.forEach(handOut)
        if (facts.length === batch) again = true
      }
    } finally {
      reading = false
    }
  }

  function wake(): void {
    again = true
    if (!reading) advance().catch((error: unknown) => subscribers.forEach(({ channel }) => channel.fail(error)))
  }

  return {
    get position() {
      return position
    },
    get isEmpty() {
      return subscribers.size === 0
    },
    join(subscriber) {
      if (subscriber.position < position) return false
      subscribers.add(subscriber)
      wake()
      return true
    },
    leave: (subscriber) => void subscribers.delete(subscriber),
    wake,
  }
}
