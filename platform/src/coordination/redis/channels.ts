import type { Log } from '../../log/log.ts'
import type { Coordination } from '../coordination.ts'
import type { Connection } from './connection.ts'
import { scripts } from './scripts.ts'

export interface RedisChannels extends Pick<Coordination, 'publish' | 'subscribe'> {
  /** Listens from now on, or from when Redis answers; calls back whenever it has begun to, for what came before was not heard. */
  listen(channel: string, onMessage: (message: string) => void, onListening: () => void): () => void
  close(): void
}

const RETRY_MS = 500

/** Who only listens does not notice that the other end is gone, unless it says something now and then. */
const PING_MS = 10_000

/**
 * Channels through Redis. Whoever listens goes on by itself after an outage; what was said meanwhile is lost. A listener's failure reaches
 * the log, nobody else.
 */
export function createRedisChannels(connection: Connection, prefix: string, log: Log): RedisChannels {
  const { subscriber } = connection
  const listeners = new Map<string, Set<(message: string) => void>>()
  const resumed = new Set<() => void>()
  let retry: NodeJS.Timeout | undefined

  function hear(channel: string, message: string): void {
    for (const onMessage of listeners.get(channel) ?? []) {
      try {
        onMessage(message)
      } catch (error) {
        log.error({ err: error, channel }, 'A listener of a channel failed.')
      }
    }
  }

  function enter(channel: string, onMessage: (message: string) => void): () => boolean {
    const known = listeners.get(channel) ?? new Set()
    const listener = (message: string) => onMessage(message)
    listeners.set(channel, known.add(listener))
    return () => known.delete(listener) && known.size === 0 && listeners.delete(channel)
  }

  /** Asks for all that is listened to once more; to ask twice for the same changes nothing. */
  async function resume(): Promise<void> {
    clearTimeout(retry)
    if (listeners.size === 0) return
    try {
      await subscriber.ask((client) => client.subscribe(...listeners.keys()))
      for (const onListening of resumed) onListening()
    } catch {
      retry = setTimeout(() => void resume(), RETRY_MS).unref()
    }
  }

  function leave(channel: string): void {
    // A server that does not hear this has nobody to tell either.
    subscriber.ask((client) => client.unsubscribe(channel)).catch(() => undefined)
  }

  subscriber.client.on('message', hear)
  subscriber.client.on('ready', () => void resume())

  const ping = setInterval(() => {
    if (listeners.size > 0) subscriber.ask((client) => client.ping()).catch(() => undefined)
  }, PING_MS).unref()

  return {
    async publish(channel, message) {
      await connection.run(scripts.publish, [`{${prefix}${channel}}`], () => [`${prefix}channel:${channel}`, message])
    },
    async subscribe(channel, onMessage) {
      const name = `${prefix}channel:${channel}`
      const forget = enter(name, onMessage)
      try {
        await subscriber.ask((client) => client.subscribe(name))
      } catch (error) {
        forget()
        throw error
      }
      return async () => {
        if (forget()) leave(name)
      }
    },
    listen(name, onMessage, onListening) {
      const forget = enter(name, onMessage)
      resumed.add(onListening)
      void resume()
      return () => {
        resumed.delete(onListening)
        if (forget()) leave(name)
      }
    },
    close(): void {
      clearInterval(ping)
      clearTimeout(retry)
      listeners.clear()
    },
  }
}
