import { createHmac } from 'node:crypto'
import { EventEmitter, once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

/** A request as it came, and what was answered; a status of null where no answer got away. */
export interface Received {
  id: string
  moment: string
  signatures: string
  body: string
  status: number | null
}

interface Answer {
  status: number
  body?: string
}

/** Somebody's server outside, which keeps all that it was ever sent. */
export interface Receiver {
  url: string
  received: readonly Received[]
  /** What a request is answered: 200 unless told; null for nothing, until the asker is gone. */
  answer: (request: Received) => Answer | null | Promise<Answer>
  /** Resolves when so many more requests have come, or have just been answered. */
  next(what: 'asked' | 'answered', times?: number): Promise<void>
  close(): Promise<void>
}

/** Starts it on a free port of this machine. */
export async function openReceiver(): Promise<Receiver> {
  const told = new EventEmitter<{ asked: [Received]; answered: [Received] }>()
  const received: Received[] = []
  const server = createServer((request, response) => {
    void text(request)
      .then(async (body) => {
        const one: Received = { ...headersOf(request), body, status: null }
        received.push(one)
        told.emit('asked', one)
        const answer = await receiver.answer(one)
        if (!answer) return
        response.writeHead(answer.status).end(answer.body ?? '', () => {
          one.status = answer.status
          told.emit('answered', one)
        })
      })
      // It was killed while it spoke.
      .catch(() => response.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const receiver: Receiver = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    answer: () => ({ status: 200 }),
    next(what, times = 1) {
      const { promise, resolve } = Promise.withResolvers<void>()
      let left = times
      // Several may come at once: each is counted.
      const count = (): void => {
        left -= 1
        if (left > 0) return
        told.off(what, count)
        resolve()
      }
      told.on(what, count)
      return promise
    },
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
  return receiver
}

function headersOf({ headers }: IncomingMessage): Pick<Received, 'id' | 'moment' | 'signatures'> {
  const [id, moment, signatures] = ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) =>
    String(headers[name]),
  )
  return { id: id ?? '', moment: moment ?? '', signatures: signatures ?? '' }
}

/** Whether a request is from whom the secret was given to, as the Standard Webhooks specification has it. */
export function isSigned({ id, moment, body, signatures }: Received, secret: string): boolean {
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64')
  const expected = createHmac('sha256', key).update(`${id}.${moment}.${body}`).digest('base64')
  return signatures.split(' ').includes(`v1,${expected}`)
}
