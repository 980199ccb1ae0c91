import { requireRule } from '../bounds.ts'
import type { Coordination } from '../coordination.ts'
import type { Connection } from './connection.ts'
import { toOrganizationKey } from './keys.ts'
import { scripts } from './scripts.ts'

/** A window is kept as this many slots: exact enough to be fair, and as small for a thousand requests as for one. */
const SLOTS = 60

/** The sliding window, in one script. Times come as durations, for the server's clock need not be ours. */
export function createRedisLimit({ run }: Connection, prefix: string): Coordination['limit'] {
  return async (organizationId, key, { limit, windowSeconds, cost = 1 }) => {
    requireRule({ limit, windowSeconds, cost })
    const keys = [toOrganizationKey(`${prefix}limit:`, organizationId, key)]
    const reply = await run(scripts.limit, keys, () => [limit, windowSeconds * 1000, cost, SLOTS])
    const [allowed, remaining, resetsIn] = Array.isArray(reply) ? reply.map(Number) : []
    return {
      allowed: allowed === 1,
      remaining: remaining ?? 0,
      resetsAt: new Date(Math.ceil(Date.now() + (resetsIn ?? 0))),
    }
  }
}
