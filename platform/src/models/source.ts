import type { Log } from '../log/log.ts'
import { EngineUnavailable } from '../schema/refusals.ts'
import { createBreaker } from './breaker.ts'
import type { ModelServer, ProviderModel, Skill } from './provider.ts'
import { openRoster, type RosterOptions } from './roster.ts'

/** A server with what is known of it: which models answer there, and whether it is being left alone. */
export interface Source<Provider extends ModelServer> {
  readonly provider: Provider
  /** As which engine its absence is told. */
  readonly engine: 'models' | 'speech'
  readonly breaker: ReturnType<typeof createBreaker>
  /** The model for the skill, or the one of that name, when it would be called now. */
  find(skill: Skill, name?: string): ProviderModel | null
  health(): void
  close(): void
}

const FAILURES = 3
const REST_MS = 10_000

/** Watches a server until it is closed. Never fails because the server does not answer: it may come later. */
export async function openSource<Provider extends ModelServer>(
  provider: Provider,
  { engine, ...rest }: Omit<RosterOptions, 'provider'> & { engine: Source<Provider>['engine']; log: Log },
): Promise<Source<Provider>> {
  const roster = await openRoster({ provider, ...rest })
  const breaker = createBreaker({ failures: FAILURES, restMs: REST_MS })
  return {
    provider,
    engine,
    breaker,
    find: (skill, name) => (breaker.isOpen() ? null : roster.find(skill, name)),
    health() {
      if (breaker.isOpen() || !roster.answers()) throw new EngineUnavailable(engine)
    },
    close: () => roster.close(),
  }
}
