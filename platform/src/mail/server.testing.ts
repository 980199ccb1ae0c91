import { once } from 'node:events'
import type { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import PostalMime, { type Email } from 'postal-mime'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'
import { testCertificate, testKey } from './certificate.testing.ts'

/** A mail server and what it has taken, in the order of its coming. */
export interface TestMailServer {
  port: number
  taken: Email[]
  close(): Promise<void>
}

/** Answered by a mail server: 4xx for now, 5xx for good. */
export function answer(responseCode: number, text: string): Error {
  return Object.assign(new Error(text), { responseCode })
}

/** Starts a mail server on a free port, or on the given one. `options` are smtp-server's own; without any it takes everything from everybody. */
export async function startTestMailServer(
  options: SMTPServerOptions & { port?: number } = {},
): Promise<TestMailServer> {
  const { port = 0, ...own } = options
  const taken: Email[] = []
  const take = async (stream: Readable, done: () => void): Promise<void> => {
    taken.push(await PostalMime.parse(await buffer(stream)))
    done()
  }
  const server = new SMTPServer({
    authOptional: true,
    key: testKey,
    cert: testCertificate,
    onData(stream, _session, done) {
      // Who is killed in mid-sentence has said nothing.
      take(stream, done).catch(() => {})
    },
    ...own,
  })
  // A client that leaves in mid-sentence is the client's affair.
  server.on('error', () => {})
  server.listen(port, '127.0.0.1')
  await once(server.server, 'listening')
  const address = server.server.address()
  return {
    port: typeof address === 'object' && address ? address.port : port,
    taken,
    close: () => new Promise((resolve) => server.close(resolve)),
  }
}
