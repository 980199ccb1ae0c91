import type { Coordination } from '@passerelle/platform/coordination'
import type { Log } from '@passerelle/platform/log'
import type { Graph } from '../graph.ts'
import { createAdmit, type Admit } from '../limits/admission.ts'
import {
  createConnections,
  defaultConnections,
  type ConnectionLimits,
  type Connections,
} from '../limits/connections.ts'
import { createKnownTexts, hashOf } from '../limits/known-texts.ts'
import { openPolicy, type AccessPolicy } from '../limits/policy.ts'
import type { QuotaRules } from '../limits/quota.ts'
import { openRates, type RateRules, type Rates } from '../limits/rates.ts'
import { createCallerOf, type CallerOf } from './caller.ts'
import { createTell, type Tell } from './tell.ts'

/** What callers may ask of this gateway, and how much. */
export interface EntryOptions {
  policy?: AccessPolicy
  /** The texts of the web application's documents, by `sha256:` and the hash of each. */
  trustedDocuments?: ReadonlyMap<string, string>
  /** How much may be asked within a time, counted where every gateway of the installation counts. */
  rates?: { rules: RateRules; coordination: Pick<Coordination, 'limit'> }
  connections?: Partial<ConnectionLimits>
  /** How many requests organisations may make in a month; as many as they like unless told. */
  quota?: QuotaRules
  /** Networks, as CIDR writes them, of the proxies that are believed when they say who asks; this machine alone unless told. */
  proxies?: readonly string[] | undefined
}

/** Documents by their names, as `trustedDocuments` takes them. */
export function toTrustedDocuments(texts: readonly string[]): ReadonlyMap<string, string> {
  return new Map(texts.map((text) => [hashOf(text), text]))
}

/** What both doors of the graph ask before they let anything in, and say of what they do not. */
export interface Entry {
  graph: Graph
  admit: Admit
  rates: Rates
  connections: Connections
  callerOf: CallerOf
  tell: Tell
  log: Log
}

const unlimited: RateRules = {
  windowSeconds: 60,
  organization: null,
  key: null,
  client: null,
  address: null,
  anonymous: null,
}

const unnamedProxy =
  'requests come from an address nearby that speaks for others and is not believed: if it is a proxy, name it in PASSERELLE_PROXIES, or all its callers are one'

/** Without options anybody may ask anything, as long as each operation keeps to the limits of one. */
export function createEntry({ graph, log, options }: { graph: Graph; log: Log; options: EntryOptions }): Entry {
  const { policy = openPolicy, trustedDocuments = new Map<string, string>() } = options
  const coordination = options.rates?.coordination ?? { limit: () => Promise.reject(new Error('Nobody counts.')) }
  const rates = openRates({ rules: options.rates?.rules ?? unlimited, coordination, log })
  const texts = createKnownTexts(trustedDocuments)
  return {
    graph,
    log,
    rates,
    admit: createAdmit({ graph, policy, texts, rates, quota: options.quota }),
    connections: createConnections({ ...defaultConnections, ...options.connections }),
    callerOf: createCallerOf(options.proxies, (address) => log.warn({ address }, unnamedProxy)),
    tell: createTell({ policy, log }),
  }
}
