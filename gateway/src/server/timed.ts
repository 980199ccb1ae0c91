import type { ServerResponse } from 'node:http'
import type { Route } from '@passerelle/platform/subgraph'
import { httpSeconds } from '@passerelle/platform/telemetry'

const ownPaths = new Set(['/graphql', '/explorer', '/healthz', '/readyz', '/metrics'])

/** The name under which requests are counted: never a path that a client thought of. */
export function nameDoor(
  path: string,
  { routes, otherwise }: { routes: readonly Pick<Route, 'prefix'>[]; otherwise: string },
): string {
  if (ownPaths.has(path)) return path
  return routes.find(({ prefix }) => path === prefix || path.startsWith(`${prefix}/`))?.prefix ?? otherwise
}

/** Counts a request when its answer has been sent, or its client has gone. */
export function timeRequest(response: ServerResponse, door: string): void {
  const since = performance.now()
  response.once('close', () => {
    httpSeconds.observe({ door, status: String(response.statusCode) }, (performance.now() - since) / 1000)
  })
}
