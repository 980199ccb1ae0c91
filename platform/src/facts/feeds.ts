import type { Sql } from '../sql/sql.ts'
import { createChannel, type Channel } from './channel.ts'
import { InvalidInput } from '../schema/refusals.ts'
import type { Fact } from './facts.ts'
import { readFacts, readHead } from './read.ts'

export interface FactFilter {
  types: readonly string[]
  /** Continue after this position; without it, from now on. */
  after?: string | null | undefined
  where?: (fact: Fact) => boolean
  signal?: AbortSignal
}

export interface Feeds {
  subscribe(organizationId: string, filter: FactFilter): AsyncIterableIterator<Fact>
  head(organizationId: string): Promise<string>
  /** New facts of an organisation may be there; null: of any. */
  wake(organizationId: string | null): void
  close(): void
}

interface Subscriber {
  channel: Channel<Fact>
  filter: FactFilter
  /** The last position looked at; older ones are not given again. */
  position: number
  left: boolean
}

/** What one organisation's subscribers share: each new fact is read once for all of them. */
interface Feed {
  position: number
  subscribers: Set<Subscriber>
  reading: boolean
  again: boolean
}

const batch = 500

/** Live reading of the log, one read per organisation and wake-up however many subscribe. */
export function openFeeds(sql: Sql): Feeds {
  const feeds = new Map<string, Feed>()

  async function advance(organizationId: string, feed: Feed): Promise<void> {
    for (;;) {
      const facts = await readFacts(sql, organizationId, { after: String(feed.position), limit: batch })
      for (const fact of facts) {
        feed.position = Number(fact.position)
        for (const subscriber of feed.subscribers) offer(subscriber, fact)
      }
      if (facts.length < batch) return
    }
  }

  function wakeFeed(organizationId: string, feed: Feed): void {
    if (feed.reading) {
      feed.again = true
      return
    }
    feed.reading = true
    advance(organizationId, feed)
      .catch((error: unknown) => {
        for (const subscriber of feed.subscribers) subscriber.channel.fail(error)
      })
      .finally(() => {
        feed.reading = false
        if (feed.again) {
          feed.again = false
          wakeFeed(organizationId, feed)
        }
      })
  }

  async function feedOf(organizationId: string): Promise<Feed> {
    const position = feeds.get(organizationId)?.position ?? Number(await readHead(sql, organizationId))
    const feed = feeds.get(organizationId) ?? { position, subscribers: new Set(), reading: false, again: false }
    feeds.set(organizationId, feed)
    return feed
  }

  /**
   * A subscriber replays until it stands where the shared feed does, and joins it in the same turn: what commits later is read by the
   * feed, what it has seen already is told by its position.
   */
  async function join(organizationId: string, subscriber: Subscriber): Promise<void> {
    const feed = await feedOf(organizationId)
    const { after } = subscriber.filter
    subscriber.position = after === null || after === undefined ? Number(await readHead(sql, organizationId)) : toPosition(after)
    let full = true
    while (full || subscriber.position < feed.position) {
      const facts = await readFacts(sql, organizationId, { after: String(subscriber.position), limit: batch })
      for (const fact of facts) offer(subscriber, fact)
      full = facts.length === batch
    }
    if (subscriber.left) return
    feed.subscribers.add(subscriber)
    feeds.set(organizationId, feed)
    wakeFeed(organizationId, feed)
  }

  return {
    subscribe(organizationId, filter) {
      if (filter.after) toPosition(filter.after)
      const subscriber: Subscriber = { channel: createChannel<Fact>(leave), filter, position: 0, left: false }
      function leave(): void {
        subscriber.left = true
        const feed = feeds.get(organizationId)
        feed?.subscribers.delete(subscriber)
        if (feed && feed.subscribers.size === 0) feeds.delete(organizationId)
        filter.signal?.removeEventListener('abort', leaveNow)
      }
      function leaveNow(): void {
        subscriber.channel.end()
      }
      filter.signal?.addEventListener('abort', leaveNow, { once: true })
      join(organizationId, subscriber).catch((error: unknown) => subscriber.channel.fail(error))
      return subscriber.channel
    },
    head: (organizationId) => readHead(sql, organizationId),
    wake(organizationId) {
      for (const [id, feed] of feeds) if (organizationId === null || id === organizationId) wakeFeed(id, feed)
    },
    close() {
      for (const feed of feeds.values()) for (const subscriber of feed.subscribers) subscriber.channel.end()
      feeds.clear()
    },
  }
}

function offer(subscriber: Subscriber, fact: Fact): void {
  const position = Number(fact.position)
  if (position <= subscriber.position) return
  subscriber.position = position
  const { types, where } = subscriber.filter
  if (types.includes(fact.type) && (!where || where(fact))) subscriber.channel.push(fact)
}

function toPosition(cursor: string): number {
  if (!/^\d{1,15}$/.test(cursor)) throw new InvalidInput('This is not a cursor that a subscription gave.', ['after'])
  return Number(cursor)
}
