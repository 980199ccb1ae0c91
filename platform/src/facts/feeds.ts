import { setTimeout as sleep } from 'node:timers/promises'
import { EngineUnavailable, InvalidInput } from '../schema/refusals.ts'
import type { Sql } from '../sql/sql.ts'
import type { Fact } from './facts.ts'
import { batch, createFeed, type Feed, type ReadLog } from './feed.ts'
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

const retryMs = 1_000

/** One read per organisation and wake-up, however many subscribe. A database that is away is waited for: the log keeps what is missed. */
export function openFeeds(sql: Sql): Feeds {
  const feeds = new Map<string, Feed>()
  const subscribers = new Set<Subscriber>()
  const read = createPatientRead(sql)

  function join(subscriber: Subscriber): boolean {
    const { organizationId } = subscriber
    const feed = feeds.get(organizationId) ?? createFeed(subscriber, { read, onBehind: follow })
    if (!feed.join(subscriber)) return false
    feeds.set(organizationId, feed)
    return true
  }

  function leave(subscriber: Subscriber): void {
    subscribers.delete(subscriber)
    const feed = feeds.get(subscriber.organizationId)
    feed?.leave(subscriber)
    if (feed?.isEmpty) feeds.delete(subscriber.organizationId)
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

  function follow(subscriber: Subscriber): void {
    catchUp(subscriber).catch((error: unknown) => subscriber.channel.fail(error))
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
    wake: (organizationId) => feeds.get(organizationId)?.wake(),
    wakeBehind(heads) {
      for (const [id, feed] of feeds) if (feed.position < (heads.get(id) ?? 0)) feed.wake()
    },
    close() {
      for (const { channel } of subscribers) channel.end()
    },
  }
}

function createPatientRead(sql: Sql): ReadLog {
  return async (organizationId, position, isOver) => {
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
