import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import type { SqlConnection } from './sql.ts'

/** A way to a server that can be cut and mended, as a network or a restart does it. */
export interface CuttableWay {
  connection: SqlConnection
  /** Breaks every connection in mid-sentence and takes no more. */
  cut(): Promise<void>
  mend(): Promise<void>
}

/** Opens a way to the server of `connection` on a free port of this machine. */
export async function openCuttableWay(connection: SqlConnection): Promise<CuttableWay> {
  const sockets = new Set<Socket>()
  const { host = '', port = 0 } = connection
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
  }
}
