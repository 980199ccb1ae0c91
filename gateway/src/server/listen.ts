import type { Server } from 'node:http'

/** Where the server listens, as `http://127.0.0.1:4000`; port 0 takes a free one. Rejects when the port is taken (EADDRINUSE). */
export function listen(server: Server, where: { host: string; port: number }): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(where.port, where.host, () => {
      server.off('error', reject)
      const address = server.address()
      if (!address || typeof address !== 'object') return reject(new Error('The server listens nowhere.'))
      const host = address.family === 'IPv6' ? `[${address.address}]` : address.address
      resolve(`http://${host}:${address.port}`)
    })
  })
}

/** Takes no new connections and waits until those that are there have ended; after the time they are cut off. */
export async function closeServer(server: Server, milliseconds: number): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  // A connection that is kept alive becomes idle when its last answer is sent, which nobody tells us.
  const sweep = setInterval(() => server.closeIdleConnections(), 50)
  const cut = setTimeout(() => server.closeAllConnections(), milliseconds)
  await closed
  clearInterval(sweep)
  clearTimeout(cut)
}
