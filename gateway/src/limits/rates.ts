import { GraphQLError } from 'graphql'
import type { Coordination, RateAnswer } from '@passerelle/platform/coordination'
import type { Log } from '@passerelle/platform/log'
import type { Viewer } from '@passerelle/platform/schema'
import { createPools, type Pool } from './pools.ts'
import { placeOf } from '@passerelle/platform/identity/networks'

/** How many points may be spent within a window; null for as many as one likes. What a point is, `cost.ts` says. */
export interface RateRules {
  windowSeconds: number
  organization: number | null
  /** Of one API key, or one session. */
  key: number | null
  /** Of one client of an organisation, over all links and accounts of theirs. */
  client: number | null
  /** Of one network address, whoever asks from it. */
  address: number | null
  /** Of one network address, for what is asked from it without a token, or with one that does not hold. */
  anonymous: number | null
}

/** Who spends. */
export interface Who {
  viewer: Viewer | null
  /** The network address, where it is known. */
  caller: string | undefined
}

/** What an operation costs, and what is left in the tightest of the limits that it counts against; nulls where there is none. */
export interface Cost {
  requested: number
  limit: number | null
  remaining: number | null
  /** When all that was spent is back. */
  resetsAt: Date | null
}

export interface Rates {
  windowSeconds: number
  /** Throws RATE_LIMITED for whoever has nothing left, without asking anybody. */
  check(who: Who): void
  /** Spends. Throws RATE_LIMITED, with the seconds after which the same fits. */
  take(who: Who, cost: number): Promise<Cost>
  /** Spends of the network address alone, for what carries its own right, such as a signed link. */
  takeOfAddress(caller: string | undefined, cost: number): Promise<Cost>
}

/**
 * Limits to what is spent, shared by all processes on one coordination store. While the store is away each process counts for itself: nobody is
 * refused for that.
 */
export function openRates(options: { rules: RateRules; coordination: Pick<Coordination, 'limit'>; log: Log }): Rates {
  const { rules } = options
  const pools = createPools({ ...options, windowSeconds: rules.windowSeconds })
  // Of a limit that has not enough left nothing is taken from the others: whoever shares one would lose what is refused to somebody else.
  function requireAll(all: readonly Pool[], requested: number): void {
    for (const pool of all) {
      const refused = pools.refusal(pool, requested)
      if (refused) throw rateLimited(pool, toCost(pool, requested, refused))
    }
  }

  async function takeAll(all: readonly Pool[], requested: number): Promise<Cost> {
    requireAll(all, requested)
    let tightest: Cost = { requested, limit: null, remaining: null, resetsAt: null }
    for (const pool of all) {
      const answer = await pools.take(pool, requested)
      const cost = toCost(pool, requested, answer)
      if (!answer.allowed) throw rateLimited(pool, cost)
      if (shareLeft(cost) < shareLeft(tightest)) tightest = cost
    }
    return tightest
  }

  return {
    windowSeconds: rules.windowSeconds,
    check: (who) => requireAll(poolsOf(rules, who), 1),
    take: (who, cost) => takeAll(poolsOf(rules, who), cost),
    takeOfAddress: (caller, cost) => takeAll(limited([addressPool(rules, caller)]), cost),
  }
}

type Unlimited = Omit<Pool, 'limit'> & { limit: number | null }

function limited(pools: readonly Unlimited[]): Pool[] {
  return pools.filter((pool): pool is Pool => pool.limit !== null)
}

/** What is nobody's organisation's. */
const house = 'platform'

/** The limits that a caller's operations count against, the narrowest first. */
function poolsOf(rules: RateRules, { viewer, caller }: Who): Pool[] {
  const address = addressPool(rules, caller)
  if (!viewer) {
    const key = `rate-anonymous:${placeOf(caller)}`
    return limited([{ name: 'anonymous', organizationId: house, key, limit: rules.anonymous }, address])
  }
  const { organizationId } = viewer
  return limited([
    callerPool(rules, viewer),
    { name: 'organization', organizationId, key: 'rate', limit: rules.organization },
    address,
  ])
}

function callerPool(rules: RateRules, { organizationId, keyId, clientId, sessionId, userId }: Viewer): Unlimited {
  if (clientId) return { name: 'client', organizationId, key: `rate:${clientId}`, limit: rules.client }
  const key = `rate:${keyId ?? sessionId ?? userId}`
  return { name: keyId ? 'key' : 'session', organizationId, key, limit: rules.key }
}

function addressPool({ address: limit }: RateRules, caller: string | undefined): Unlimited {
  return { name: 'address', organizationId: house, key: `rate:${placeOf(caller)}`, limit }
}

function toCost({ limit }: Pool, requested: number, { remaining, resetsAt }: RateAnswer): Cost {
  return { requested, limit, remaining: Math.floor(remaining), resetsAt }
}

function shareLeft({ remaining, limit }: Cost): number {
  return remaining === null || limit === null ? Infinity : remaining / Math.max(1, limit)
}

function rateLimited({ name }: Pool, cost: Cost): GraphQLError {
  const wait = (cost.resetsAt?.getTime() ?? Date.now()) - Date.now()
  const retryAfter = Math.max(1, Math.ceil(wait / 1000))
  return new GraphQLError(`That is more than may be asked at a time. Ask again in ${retryAfter} s.`, {
    extensions: { code: 'RATE_LIMITED', limitedBy: name, retryAfter, cost },
  })
}
