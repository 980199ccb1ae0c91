import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What a test server counts of its clients. */
export interface Counted {
  /** Requests that are being answered. */
  open: number
  /** Requests whose client left before the end of the answer. */
  abandoned: number
}

/** Listens on a port of this machine (0: a free one) and answers with `respond`; a respond that fails breaks its connection off. */
export async function listenCounted(
  port: number,
  counts: () => Counted,
  respond: (request: IncomingMessage, response: ServerResponse) => Promise<void>,
): Promise<{ url: string; http: Server }> {
  const http = createServer((request, response) => {
    counts().open += 1
    response.once('close', () => {
      counts().open -= 1
      if (!response.writableFinished) counts().abandoned += 1
    })
    respond(request, response).catch((error: unknown) => response.destroy(error instanceof Error ? error : undefined))
  })
  await new Promise<void>((resolve) => http.listen(port, '127.0.0.1', resolve))
  return { url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`, http }
}
