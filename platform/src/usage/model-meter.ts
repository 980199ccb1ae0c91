import { LRUCache } from 'lru-cache'
import type { Coordination } from '../coordination/coordination.ts'
import type { Log } from '../log/log.ts'
import { QuotaExceeded } from '../schema/refusals.ts'
import type { Sql } from '../sql/sql.ts'
import { hearLimitsChanged } from './limits-changed.ts'
import { findLimits, heavyCalls, type Limited } from './usage.store.ts'
import { holdUse } from './usage.ts'

/** Asked before every call of a model; the record of the call settles what it used. */
export interface ModelMeter {
  /** Throws QuotaExceeded when the organisation has used up what the call needs. */
  begin(call: ExpectedCall): Promise<void>
}

export interface ExpectedCall {
  id: string
  organizationId: string
  /** As many as it may come to, answer included. */
  tokens: number
  /** MiB of the card; 0 when it runs elsewhere. */
  weight: number
}

/** What a call is promised of the card before it is known how long it takes. */
const expectedMs = 5_000
const rememberedMs = 5_000

/** Meters the calls of models against what organisations may use. One without limits is not asked for anything before its calls. */
export function createModelMeter({
  sql,
  coordination,
  capacityMiB,
  log,
}: {
  sql: Sql
  coordination: Coordination
  capacityMiB: number
  log: Log
}): ModelMeter {
  const remembered = new LRUCache<string, ReadonlyMap<Limited, number>>({ max: 1_000, ttl: rememberedMs })
  hearLimitsChanged({ coordination, log }, (organizationId) => remembered.delete(organizationId))

  async function limitsOf(organizationId: string): Promise<ReadonlyMap<Limited, number>> {
    const known = remembered.get(organizationId)
    if (known) return known
    const limits = await sql.withOrganization({ organizationId }, findLimits)
    remembered.set(organizationId, limits)
    return limits
  }

  async function requireTurn(organizationId: string, limit: number): Promise<void> {
    const rule = { limit, windowSeconds: 3_600 }
    const { allowed, resetsAt } = await coordination.limit(organizationId, heavyCalls, rule)
    if (allowed) return
    throw new QuotaExceeded({
      message: `Your organisation may ask large models ${limit} times in an hour; smaller ones answer meanwhile.`,
      limit,
      used: limit,
      resetsAt,
    })
  }

  return {
    async begin({ id, organizationId, tokens, weight }) {
      const limits = await limitsOf(organizationId)
      const heavy = limits.get(heavyCalls)
      if (heavy !== undefined && weight * 2 > capacityMiB) await requireTurn(organizationId, heavy)
      if (limits.has('tokens') || limits.has('gpuMs')) {
        const gpuMs = weight > 0 ? expectedMs : 0
        await sql.withOrganization({ organizationId }, (tx) => holdUse(tx, id, { tokens, gpuMs }))
      }
    },
  }
}
