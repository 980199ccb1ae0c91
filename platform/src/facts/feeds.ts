import { setTimeout as sleep } from 'node:timers/promises'
import { EngineUnavailable, InvalidInput } from '../schema/refusals.ts'
import type { Sql } from '../sql/sql.ts'
import type { Fact } from './facts.ts'
import { readFacts, readHead } from './read.ts'
import { createSubscriber, type FactFilter, type Subscriber } from './subscriber.ts'

/** Live reading of the log for all subscribers of a process. */
export interface Feeds {
  subscribe(organizationId: string, filter: FactFilter): AsyncIterableIterator<Fact>
  /** New facts of an organisation may be there. */
  wake(organizationId: string): void
  /** Wakes whoever stands before the end of an organisation's log. */
  wakeBehind(heads: ReadonlyMap<string, number>): void
  close(): void
}

/** What one organisation's live subscribers share: each new fact is read once for all of them. */
interface Feed {
  position: number
  subscribers: Set<Subscriber>
  reading: boolean
  again: boolean
}

const batch = 500
const retryMs = 1_000

/** One read per organisation and wake-up, however many subscribe. A database that is away is waited for: the log keeps what is missed. */
export function openFeeds(sql: Sql): Feeds {
  const feeds = new Map<string, Feed>()
  const subscribers = new Set<Subscriber>()

  function wake(organizationId: string): void {
    const feed = feeds.get(organizationId)
    if (!feed) return
    feed.again = true
    if (!feed.reading)
      advance(organizationId, feed).catch((error: unknown) =>
        feed.subscribers.forEach(({ channel }) => channel.fail(error)),
      )
  }

  async function advance(organizationId: string, feed: Feed): Promise<void> {
    feed.reading = true
    try {
      while (feed.again && feed.subscribers.size > 0) {
        feed.again = false
        const facts = await read(organizationId, feed.position, () => feed.subscribers.size === 0)
        for (const fact of facts) handOut(feed, fact)
        if (facts.length === batch) feed.again = true
      }
    } finally {
      feed.reading = false
    }
  }

  function handOut(feed: Feed, fact: Fact): void {
    feed.position = Number(fact.position)
    for (const subscriber of feed.subscribers) if (!subscriber.offer(fact)) drop(feed, subscriber)
  }

  /** A subscriber that does not keep up goes on alone, at its own pace, until it has caught up again. */
  function drop(feed: Feed, subscriber: Subscriber): void {
    feed.subscribers.delete(subscriber)
    follow(subscriber)
  }

  function leave(subscriber: Subscriber): void {
    subscribers.delete(subscriber)
    const feed = feeds.get(subscriber.organizationId)
    feed?.subscribers.delete(subscriber)
    if (feed?.subscribers.size === 0) feeds.delete(subscriber.organizationId)
  }

  /** True when the subscriber stands where the shared feed does, and is in it from now on: what commits later is read by the feed. */
  function join(subscriber: Subscriber): boolean {
    const { organizationId, position } = subscriber
    const feed = feeds.get(organizationId) ?? { position, subscribers: new Set(), reading: false, again: false }
    if (position < feed.position) return false
    feeds.set(organizationId, feed)
    feed.subscribers.add(subscriber)
    wake(organizationId)
    return true
  }

  function follow(subscriber: Subscriber): void {
    catchUp(subscriber).catch((error: unknown) => subscriber.channel.fail(error))
  }

  /** Reads for one subscriber alone, no faster than it is read itself, until it can join the others. */
  async function catchUp(subscriber: Subscriber): Promise<void> {
    const { channel, organizationId } = subscriber
    for (;;) {
      await channel.drained()
      const facts = await read(organizationId, subscriber.position, () => channel.ended)
      if (channel.ended) return
      for (const fact of facts) subscriber.offer(fact)
      if (facts.length < batch && join(subscriber)) return
    }
  }

  async function read(organizationId: string, position: number, isOver: () => boolean): Promise<Fact[]> {
    while (!isOver()) {
      try {
        return await readFacts(sql, organizationId, { after: String(position), limit: batch })
      } catch (error) {
        if (!(error instanceof EngineUnavailable)) throw error
        await sleep(retryMs, undefined, { ref: false })
      }
    }
    return []
  }

  return {
    subscribe(organizationId, filter) {
      const after = filter.after === null || filter.after === undefined ? null : toPosition(filter.after)
      const subscriber = createSubscriber(organizationId, filter, leave)
      subscribers.add(subscriber)
      readHead(sql, organizationId)
        .then((head) => {
          subscriber.position = startingAt(after, Number(head))
          follow(subscriber)
        })
        .catch((error: unknown) => subscriber.channel.fail(error))
      return subscriber.channel
    },
    wake,
    wakeBehind(heads) {
      for (const [id, feed] of feeds) if (feed.position < (heads.get(id) ?? 0)) wake(id)
    },
    close() {
      for (const { channel } of subscribers) channel.end()
    },
  }
}

function toPosition(cursor: string): number {
  if (!/^\d{1,15}$/.test(cursor)) throw noCursor()
  return Number(cursor)
}

/** A position that the log has not reached was never handed out; waiting for it would be silence. */
function startingAt(after: number | null, head: number): number {
  if (after !== null && after > head) throw noCursor()
  return after ?? head
}

function noCursor(): InvalidInput {
  return new InvalidInput('This is not a cursor that a subscription gave.', ['after'])
}
