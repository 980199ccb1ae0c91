import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, vi } from 'vitest'
import { openOutgoing } from '@passerelle/platform/outgoing'
import { rowsOf } from '@passerelle/platform/sql'
import {
  createTestClient,
  openTestPlatform,
  type TestClient,
  type TestPlatform,
} from '@passerelle/platform/subgraph/testing'
import { tenancy } from '../index.ts'

/** What a server outside was asked. */
export interface Received {
  path: string
  headers: Record<string, string>
  body: string
}

export interface Answering {
  status: number
  body?: string
  headers?: Record<string, string>
}

/** A server outside: keeps what it is asked, and answers as told. */
export interface Outside {
  url: string
  received: Received[]
  /** What the next ones are answered; 200 unless told. */
  answer: (request: Received) => Answering | Promise<Answering>
  /** Waits until it has been asked so often. */
  asked(times: number): Promise<Received[]>
  close(): Promise<void>
}

export async function openOutside(): Promise<Outside> {
  const waiting = new Set<() => void>()
  const server = createServer((request, response) => {
    readAll(request)
      .then(async (received) => {
        outside.received.push(received)
        for (const tell of waiting) tell()
        const { status, body = '', headers = {} } = await outside.answer(received)
        response.writeHead(status, headers).end(body)
      })
      .catch(() => response.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const outside: Outside = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received: [],
    answer: () => ({ status: 200 }),
    async asked(times) {
      while (outside.received.length < times) await new Promise<void>((resolve) => waiting.add(resolve))
      return outside.received
    },
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
  return outside
}

async function readAll(request: IncomingMessage): Promise<Received> {
  const chunks: Buffer[] = []
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
  const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]))
  return { path: request.url ?? '', headers, body: Buffer.concat(chunks).toString('utf8') }
}

/** Resolves when so many statements of a database wait for what another transaction holds. */
export function waiting({ database }: Pick<TestPlatform, 'database'>, statements: number): Promise<void> {
  const text = `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`
  return vi.waitFor(async () => expect((await database.asOwner(text)).length).toBeGreaterThanOrEqual(statements), {
    timeout: 60_000,
    interval: 50,
  })
}

/** A transaction that holds what a statement takes hold of, until it is let go. */
export async function holding(
  { sql }: Pick<TestPlatform, 'sql'>,
  scope: { organizationId: string },
  [text, parameters]: readonly [string, unknown[]],
): Promise<{ letGo(): Promise<void> }> {
  const held = Promise.withResolvers<void>()
  const going = Promise.withResolvers<void>()
  const over = sql
    .withOrganization(scope, async (tx) => {
      await rowsOf(tx, text, parameters)
      held.resolve()
      await going.promise
      throw new Error('let go')
    })
    .catch((error: unknown) => {
      if (!(error instanceof Error && error.message === 'let go')) held.reject(error)
    })
  await held.promise
  return {
    letGo() {
      going.resolve()
      return over
    },
  }
}

/** The tenancy subgraph at work, which may ask servers of this machine. */
export interface OutwardTown {
  platform: TestPlatform
  client: TestClient
  close(): Promise<void>
}

export async function openOutwardTown(engines: Partial<TestPlatform> = {}): Promise<OutwardTown> {
  const platform = await openTestPlatform({
    sets: [tenancy.migrations],
    queues: tenancy.queues,
    engines: { outgoing: openOutgoing({ allow: '127.0.0.0/8' }), ...engines },
  })
  const work = await tenancy.work?.(platform)
  return {
    platform,
    client: createTestClient(platform, tenancy),
    async close() {
      await work?.stop()
      await platform.close()
    },
  }
}
