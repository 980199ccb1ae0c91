import { LRUCache } from 'lru-cache'
import type { ModelCall, ProviderName } from './models.ts'

/** What organisations have decided about models. It is their own, kept where the rest of theirs is; a failure to read it fails the call. */
export interface ModelPolicy {
  /** Whether the organisation lets what it says go to this server outside the house. */
  allows(organizationId: string, server: ServerName): Promise<boolean>
  /** The model that the organisation wants for such calls; null for the usual one. */
  route(organizationId: string, call: Pick<ModelCall, 'kind' | 'task'>): Promise<Route | null>
}

export interface ServerName {
  name: ProviderName
  host: string
}

export interface Route {
  provider: ProviderName
  model: string
}

/** A withdrawal in another process holds here after this time. */
const KEPT_MS = 3_000
const MOST_KEPT = 10_000

/** The policy with its answers kept for three seconds, or until the organisation is forgotten. */
export function keepPolicy(policy: ModelPolicy): ModelPolicy & { forget(organizationId: string): void } {
  const kept = new LRUCache<string, { organizationId: string; answer: Promise<unknown> }>({
    max: MOST_KEPT,
    ttl: KEPT_MS,
  })

  function keep<T>(organizationId: string, key: readonly string[], ask: () => Promise<T>): Promise<T> {
    const name = JSON.stringify([organizationId, ...key])
    const known = kept.get(name)
    if (known) return known.answer as Promise<T>
    const answer = ask()
    kept.set(name, { organizationId, answer })
    answer.catch(() => kept.delete(name))
    return answer
  }

  return {
    allows: (organizationId, server) =>
      keep(organizationId, ['allows', server.name, server.host], () => policy.allows(organizationId, server)),
    route: (organizationId, call) =>
      keep(organizationId, ['route', call.kind, call.task], () => policy.route(organizationId, call)),
    forget(organizationId) {
      for (const [name, entry] of kept.entries()) if (entry.organizationId === organizationId) kept.delete(name)
    },
  }
}

/** Without decisions everything stays in the house, and every call goes to the usual model. */
export const noPolicy: ModelPolicy = { allows: async () => false, route: async () => null }
