import pg from 'pg'
import type { SqlConnection } from './sql.ts'

export interface Listener {
  /**
   * Calls back with each NOTIFY payload of the channel, and with null whenever the connection was lost and is back, because then
   * messages may have been missed. Resolves once listening.
   */
  listen(channel: string, onMessage: (payload: string | null) => void): Promise<() => void>
  close(): Promise<void>
}

const retryMs = 500

/** One dedicated connection for all channels, opened by the first listener and reopened for as long as the process lives. */
export function openListener(connection: SqlConnection): Listener {
  const handlers = new Map<string, Set<(payload: string | null) => void>>()
  let client: pg.Client | null = null
  let opening: Promise<void> | null = null
  let closed = false

  async function open(): Promise<void> {
    const next = new pg.Client({ ...connection, keepAlive: true })
    next.on('error', () => {})
    next.on('end', () => {
      client = null
      opening = null
      if (!closed) setTimeout(reopen, retryMs).unref()
    })
    next.on('notification', ({ channel, payload }) => handlers.get(channel)?.forEach((tell) => tell(payload ?? '')))
    await next.connect()
    for (const channel of handlers.keys()) await next.query(`listen ${next.escapeIdentifier(channel)}`)
    client = next
  }

  function connect(): Promise<void> {
    opening ??= open().catch((error: unknown) => {
      opening = null
      throw error
    })
    return opening
  }

  async function reopen(): Promise<void> {
    if (closed || client) return
    try {
      await connect()
      for (const listeners of handlers.values()) listeners.forEach((tell) => tell(null))
    } catch {
      setTimeout(reopen, retryMs).unref()
    }
  }

  return {
    async listen(channel, onMessage) {
      const known = handlers.get(channel) ?? new Set()
      handlers.set(channel, known.add(onMessage))
      await connect()
      await client?.query(`listen ${client.escapeIdentifier(channel)}`)
      return () => void known.delete(onMessage)
    },
    async close() {
      closed = true
      await client?.end().catch(() => {})
    },
  }
}
