import type { Platform } from '@passerelle/platform/subgraph'
import { heavyCalls } from '@passerelle/platform/usage/reading'
import { nameOf, plannedLimit, readPlan } from './plan.ts'
import { usageOf } from './usage.ts'

/** One limit of an organisation, as its operator writes it. */
export interface LimitInForce {
  /** `pages`, or `gpuSeconds`. */
  name: string
  /** So far; null for what only its own minute or hour knows. */
  used: number | null
  /** What holds, the lower of plan and budget; null for none. */
  limit: number | null
  /** When it begins anew; null for what is there until it is deleted. */
  resets: 'MONTH' | 'HOUR' | null
  /** Who has set it: it comes with the plan, the operator has set it singly, or the organisation keeps to a budget of its own. */
  from: 'PLAN' | 'OPERATOR' | 'BUDGET'
}

/** Every limit that is in force for an organisation, those that were set singly included, with what it has used; in a fixed order. */
export function readLimits(
  { sql, levels }: Pick<Platform, 'sql' | 'levels'>,
  organizationId: string,
): Promise<LimitInForce[]> {
  return sql.withOrganization({ organizationId }, async (tx) => {
    const plan = await readPlan(tx)
    const setBy = (metric: Parameters<typeof plannedLimit>[1], limit: number | null) =>
      limit === plannedLimit(plan.name, metric) ? 'PLAN' : 'OPERATOR'
    const counted = (await usageOf(tx, levels)).map(({ metric, used, planLimit, budget, resetsAt }): LimitInForce => {
      const bound = budget !== null && (planLimit === null || budget < planLimit)
      const from = bound ? 'BUDGET' : setBy(metric, planLimit)
      return { name: nameOf(metric), used, limit: bound ? budget : planLimit, resets: resetsAt && 'MONTH', from }
    })
    const limit = plan.heavyCallsPerHour
    return [...counted, { name: heavyCalls, used: null, limit, resets: 'HOUR', from: setBy(heavyCalls, limit) }]
  })
}
