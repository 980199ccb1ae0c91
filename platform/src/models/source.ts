import { EngineUnavailable } from '../schema/refusals.ts'
import { createBreaker } from './breaker.ts'
import type { ModelServer, ProviderModel, Skill } from './provider.ts'
import { isOutside } from './outside.ts'
import { openRoster, type Roster, type RosterOptions } from './roster.ts'

/** A server with what is known of it: which models answer there, and whether it is being left alone. */
export interface Source<Provider extends ModelServer> {
  readonly provider: Provider
  /** As which engine its absence is told. */
  readonly engine: 'models' | 'speech'
  readonly breaker: ReturnType<typeof createBreaker>
  /** host[:port], without path and secrets. */
  readonly host: string
  /** Whether what is sent there leaves the house. */
  readonly outside: boolean
  readonly roster: Pick<Roster, 'recall' | 'models' | 'answers' | 'look'>
  /** The model for the skill, or the one of that name, when it would be called now. */
  find(skill: Skill, name?: string): ProviderModel | null
  health(): void
  close(): void
}

export interface SourceOptions extends Omit<RosterOptions, 'provider'> {
  engine: Source<ModelServer>['engine']
  url: string
  /** What the operator says; without it, what the address tells. */
  outside?: boolean | undefined
}

const FAILURES = 3
const REST_MS = 10_000

/** Watches a server until it is closed. Never fails because the server does not answer: it may come later. */
export async function openSource<Provider extends ModelServer>(
  provider: Provider,
  { engine, url, outside, ...rest }: SourceOptions,
): Promise<Source<Provider>> {
  const roster = await openRoster({ provider, ...rest })
  const breaker = createBreaker({ failures: FAILURES, restMs: REST_MS })
  const { host, hostname } = new URL(url)
  return {
    provider,
    engine,
    host,
    outside: outside ?? isOutside(hostname),
    roster,
    breaker,
    find: (skill, name) => (breaker.isOpen() ? null : roster.find(skill, name)),
    health() {
      if (breaker.isOpen() || !roster.answers()) throw new EngineUnavailable(engine)
    },
    close: () => roster.close(),
  }
}
