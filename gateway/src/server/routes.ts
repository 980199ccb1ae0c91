import type { ServerResponse } from 'node:http'
import type { Route } from '@passerelle/platform/subgraph'
import { refuse } from './refuse.ts'

/** The route for a method and path; when only the method does not fit, the methods that would. */
export function findRoute(
  routes: readonly Route[],
  request: { method: string; path: string },
): Route | { allow: readonly string[] } | null {
  const here = routes.filter(
    ({ prefix }) => request.path === prefix || request.path.startsWith(prefix.endsWith('/') ? prefix : `${prefix}/`),
  )
  if (here.length === 0) return null
  const wanted = request.method === 'HEAD' ? ['HEAD', 'GET'] : [request.method]
  const fitting = here
    .filter(({ method }) => wanted.includes(method))
    .sort((left, right) => right.prefix.length - left.prefix.length)
  return fitting[0] ?? { allow: here.map(({ method }) => method) }
}

export function refuseMethod(response: ServerResponse, allow: readonly string[]): void {
  refuse(response, 405, {
    code: 'METHOD_NOT_ALLOWED',
    message: 'This address does not take this method.',
    headers: { allow: allow.join(', ') },
  })
}
