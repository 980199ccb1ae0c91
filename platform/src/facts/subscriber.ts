import { createChannel, type Channel } from './channel.ts'
import type { Fact } from './facts.ts'

export interface FactFilter {
  types: readonly string[]
  /** Continue after this position; without it, from now on. */
  after?: string | null | undefined
  where?: (fact: Fact) => boolean
  signal?: AbortSignal
}

/** One reader of an organisation's log. */
export interface Subscriber {
  readonly organizationId: string
  readonly channel: Channel<Fact>
  /** The last position looked at; older ones are not given again. */
  position: number
  /** Passes the fact on when it is new and wanted. False when so many wait to be read that it should be offered no more for now. */
  offer(fact: Fact): boolean
}

/** More than a quick reader ever has waiting, and little enough to keep for a slow one. */
const mostWaiting = 1_000

/** A reader that ends when it returns, or when its signal aborts; then `onEnd` is told. */
export function createSubscriber(
  organizationId: string,
  { types, where, signal }: FactFilter,
  onEnd: (subscriber: Subscriber) => void,
): Subscriber {
  const channel = createChannel<Fact>(() => {
    signal?.removeEventListener('abort', channel.end)
    onEnd(subscriber)
  })
  const subscriber: Subscriber = {
    organizationId,
    channel,
    position: 0,
    offer(fact) {
      const position = Number(fact.position)
      if (position <= subscriber.position) return true
      subscriber.position = position
      if (types.includes(fact.type) && (!where || where(fact))) channel.push(fact)
      return channel.size < mostWaiting
    },
  }
  signal?.addEventListener('abort', channel.end, { once: true })
  if (signal?.aborted) channel.end()
  return subscriber
}
