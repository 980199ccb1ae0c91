import type { IncomingMessage, ServerResponse } from 'node:http'
import { renderMetrics } from '@passerelle/platform/telemetry'
import { isFromNear } from './caller.ts'
import { answerJson, refuse } from './refuse.ts'

/** What the process says of itself: `ready` is false while something it cannot do without is away, or while it drains. */
export interface Readiness {
  ready: boolean
  engines: Record<string, 'up' | 'down'>
}

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

function isNear(request: IncomingMessage): boolean {
  const { headers } = request
  return headers['x-forwarded-for'] === undefined && headers.forwarded === undefined && isFromNear(request)
}
