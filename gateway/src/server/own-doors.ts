import { BlockList } from 'node:net'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { renderMetrics } from '@passerelle/platform/telemetry'
import { answerJson, refuse } from './refuse.ts'

/** What the process says of itself: `ready` is false while something it cannot do without is away, or while it drains. */
export interface Readiness {
  ready: boolean
  engines: Record<string, 'up' | 'down'>
}

const near = new BlockList()
near.addSubnet('127.0.0.0', 8)
near.addSubnet('10.0.0.0', 8)
near.addSubnet('172.16.0.0', 12)
near.addSubnet('192.168.0.0', 16)
near.addAddress('::1', 'ipv6')
near.addSubnet('fc00::', 7, 'ipv6')

/**
 * Answers the doors that every process has: that it lives (`/healthz`), whether it is ready (`/readyz`), and its figures (`/metrics`), which
 * are for the machines around it and never go through a proxy. Undefined for any other path.
 */
export function answerOwnDoors(
  { path, readiness }: { path: string; readiness(): Promise<Readiness> },
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> | undefined {
  switch (path) {
    case '/healthz':
      return Promise.resolve(answerJson(response, 200, { status: 'ok' }))
    case '/readyz':
      return readiness().then((now) => answerJson(response, now.ready ? 200 : 503, now))
    case '/metrics':
      return isNear(request)
        ? answerMetrics(response)
        : Promise.resolve(refuse(response, 404, { code: 'NOT_FOUND', message: 'There is nothing here.' }))
  }
}

async function answerMetrics(response: ServerResponse): Promise<void> {
  const { contentType, text } = await renderMetrics()
  response.writeHead(200, { 'content-type': contentType, 'cache-control': 'no-store' }).end(text)
}

function isNear({ headers, socket }: IncomingMessage): boolean {
  const { remoteAddress: address = '', remoteFamily } = socket
  if (headers['x-forwarded-for'] !== undefined || headers.forwarded !== undefined) return false
  const plain = address.replace(/^::ffff:/, '')
  return near.check(plain, remoteFamily === 'IPv6' && plain === address ? 'ipv6' : 'ipv4')
}
