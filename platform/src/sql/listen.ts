import pg from 'pg'
import { noticeDeath } from './keep-alive.ts'
import type { SqlConnection } from './sql.ts'

/**
 * What the connection that hears is called at the server. Every process that works keeps one open at the server itself, never at a pooler, which keeps
 * connections of its own long after those who used them have gone.
 */
export const listenerName = 'passerelle listening'

type OnMessage = (payload: string | null) => void

export interface Listener {
  /**
   * Calls back with each NOTIFY payload of the channel, and once with null whenever the connection was lost and is back, because then
   * messages may have been missed. Resolves once listening.
   */
  listen(channel: string, onMessage: OnMessage): Promise<() => void>
  close(): Promise<void>
}

const retryMs = 500

/** One dedicated connection for all channels, opened by the first listener and reopened for as long as the process lives. */
export function openListener(connection: SqlConnection): Listener {
  const handlers = new Map<string, Set<OnMessage>>()
  let current: Promise<pg.Client> | null = null
  let timer: NodeJS.Timeout | undefined
  let closed = false

  function connect(): Promise<pg.Client> {
    if (current) return current
    const opening = openClient(connection, {
      onMessage: (channel, payload) => handlers.get(channel)?.forEach((tell) => tell(payload)),
      onEnd: () => lost(opening),
    })
    current = opening
    opening.catch(() => lost(opening))
    return opening
  }

  /** Only the loss of the connection in use counts: what an earlier one still says of its end does not. */
  function lost(connection: Promise<pg.Client>): void {
    if (connection !== current) return
    current = null
    if (!closed) timer = setTimeout(() => void reopen(), retryMs).unref()
  }

  async function reopen(): Promise<void> {
    try {
      const client = await connect()
      for (const channel of handlers.keys()) await subscribe(client, channel)
      for (const listeners of handlers.values()) listeners.forEach((tell) => tell(null))
    } catch {
      // The connection that failed has asked for the next try.
    }
  }

  return {
    async listen(channel, onMessage) {
      const known = handlers.get(channel) ?? new Set()
      handlers.set(channel, known.add(onMessage))
      await subscribe(await connect(), channel)
      return () => void known.delete(onMessage)
    },
    async close() {
      closed = true
      clearTimeout(timer)
      const client = await current?.catch(() => null)
      await client?.end().catch(() => {})
    },
  }
}

async function openClient(
  connection: SqlConnection,
  { onMessage, onEnd }: { onMessage: (channel: string, payload: string) => void; onEnd: () => void },
): Promise<pg.Client> {
  const client = new pg.Client({
    connectionTimeoutMillis: 10_000,
    ...noticeDeath,
    ...connection,
    application_name: listenerName,
  })
  // Every error ends the connection, and the end is what is heard.
  client.on('error', () => {})
  client.on('end', onEnd)
  client.on('notification', ({ channel, payload }) => onMessage(channel, payload ?? ''))
  await client.connect()
  return client
}

async function subscribe(client: pg.Client, channel: string): Promise<void> {
  await client.query(`listen ${client.escapeIdentifier(channel)}`)
}
