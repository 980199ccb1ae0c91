import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import type { SqlConnection } from './sql.ts'

export interface Place {
  host?: string
  port?: number
}

/** A way to a server that can be cut and mended, as a network or a restart does it. */
export interface CuttableWay<Connection extends Place = SqlConnection> {
  connection: Connection & { host: string; port: number }
  /** Breaks every connection in mid-sentence and takes no more. */
  cut(): Promise<void>
  mend(): Promise<void>
  /** Keeps every connection, takes new ones, and lets nothing through, as a server does that has been stopped in its steps; `false` lets go on. */
  hush(silent: boolean): void
}

/** Opens a way to the server of `connection` on a free port of this machine. */
export async function openCuttableWay<Connection extends Place>(
  connection: Connection,
): Promise<CuttableWay<Connection>> {
  const sockets = new Set<Socket>()
  const { host = '', port = 0 } = connection
  let silent = false
  const way = createServer((near) => {
    const far = host.startsWith('/') ? connect(`${host}/.s.PGSQL.${port}`) : connect(port, host)
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(socket)
      socket.on('error', () => {})
      socket.on('close', () => {
        sockets.delete(socket)
        other.destroy()
      })
      socket.pipe(other)
      if (silent) socket.pause()
    }
  })
  const open = async (at: number): Promise<number> => {
    way.listen(at, '127.0.0.1')
    await once(way, 'listening')
    const address = way.address()
    return typeof address === 'object' && address ? address.port : at
  }
  const place = await open(0)
  return {
    connection: { ...connection, host: '127.0.0.1', port: place },
    async cut() {
      const closed = once(way, 'close')
      way.close()
      for (const socket of sockets) socket.destroy()
      await closed
    },
    mend: async () => void (await open(place)),
    hush(wanted) {
      silent = wanted
      for (const socket of sockets) socket[silent ? 'pause' : 'resume']()
    },
  }
}
