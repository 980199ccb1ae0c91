import { EventEmitter } from 'node:events'
import type { Log } from '../log/log.ts'
import type { Coordination } from './coordination.ts'

/** Everyone in this process who opened the same place hears one another. */
const hub = new EventEmitter().setMaxListeners(0)

/**
 * Channels of one process: `place` tells one set of channels from another. A listener runs after the publisher has gone on, and its
 * failure reaches the log, not the publisher.
 */
export function createChannels(
  place: string,
  log: Log,
): Pick<Coordination, 'publish' | 'subscribe'> & { close(): void } {
  const leaving = new Set<() => void>()
  return {
    async publish(channel, message) {
      hub.emit(`${place} ${channel}`, message)
    },
    async subscribe(channel, onMessage) {
      let listening = true
      const listener = (message: string) => {
        setImmediate(() => {
          try {
            if (listening) onMessage(message)
          } catch (error) {
            log.error({ err: error, channel }, 'A listener of a channel failed.')
          }
        })
      }
      const leave = () => {
        listening = false
        leaving.delete(leave)
        hub.off(`${place} ${channel}`, listener)
      }
      leaving.add(leave)
      hub.on(`${place} ${channel}`, listener)
      return async () => leave()
    },
    close: () => leaving.forEach((leave) => leave()),
  }
}
