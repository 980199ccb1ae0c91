import { audit } from '@passerelle/platform/audit'
import { InvalidInput, type Viewer } from '@passerelle/platform/schema'
import { rowsOf, type OrganizationScope, type Tx } from '@passerelle/platform/sql'
import { unitOf } from '@passerelle/platform/sql/unit'
import type { Platform } from '@passerelle/platform/subgraph'
import { flowMetrics, metrics, readLevel, type Level, type Metric } from '@passerelle/platform/usage'
import { tellLimitsChanged } from '@passerelle/platform/usage/limits-changed'
import { monthEnd, readCounters, readDays, unitOfMetric } from '@passerelle/platform/usage/reading'

/** What an organisation uses of one thing; the card in seconds. */
export interface Usage {
  metric: Metric
  used: number
  /** Promised to work under way, and not counted in `used`. */
  held: number
  planLimit: number | null
  budget: number | null
  /** Null for what is there until it is deleted. */
  resetsAt: Date | null
}

export interface UsageDay {
  /** `2026-11-20`. */
  day: string
  metric: Metric
  used: number
}

const longestDays = 366

/** Everything that is counted of the organisation, in a fixed order. */
export function readUsage(
  { sql, levels }: Pick<Platform, 'sql' | 'levels'>,
  viewer: OrganizationScope,
): Promise<Usage[]> {
  return sql.withOrganization(viewer, (tx) => usageOf(tx, levels))
}

/** The same inside a transaction. */
export async function usageOf(tx: Tx, levels: readonly Level[]): Promise<Usage[]> {
  const rows = await rowsOf<{ metric: Metric; plan: number | null; budget: number | null }>(
    tx,
    'select metric, plan, budget from platform.usage_limit',
    [],
  )
  const limits = new Map(rows.map((row) => [row.metric, row]))
  const counters = await readCounters(tx)
  const there = new Map<Metric, number>()
  for (const { metric, sql } of levels) there.set(metric, (there.get(metric) ?? 0) + (await readLevel(tx, sql)))
  const resetsAt = monthEnd(new Date())
  return metrics.map((metric) => {
    const flow = flowMetrics.find((name) => name === metric)
    const counted = flow ? counters.get(flow) : undefined
    const inUnits = (amount: number): number => amount / unitOfMetric(metric)
    const limit = limits.get(metric)
    return {
      metric,
      used: inUnits(counted?.used ?? there.get(metric) ?? 0),
      held: inUnits(counted?.held ?? 0),
      planLimit: limit?.plan == null ? null : inUnits(limit.plan),
      budget: limit?.budget == null ? null : inUnits(limit.budget),
      resetsAt: flow ? resetsAt : null,
    }
  })
}

/** Day by day, first and last day included. InvalidInput for what is no period, or one of more than a year. */
export async function readUsageDays(
  { sql }: Pick<Platform, 'sql'>,
  viewer: Viewer,
  period: { from: string; to: string },
): Promise<UsageDay[]> {
  requirePeriod(period)
  const days = await sql.withOrganization(viewer, (tx) => readDays(tx, period))
  return days.map(({ day, metric, used }) => ({ day, metric, used: used / unitOfMetric(metric) }))
}

function requirePeriod({ from, to }: { from: string; to: string }): void {
  for (const [name, day] of Object.entries({ from, to }))
    if (!/^\d{4}-\d{2}-\d{2}$/.test(day) || Number.isNaN(Date.parse(day)))
      throw new InvalidInput('A day is written as 2026-11-20.', [name])
  const days = (Date.parse(to) - Date.parse(from)) / 86_400_000
  if (days < 0) throw new InvalidInput('The last day lies before the first.', ['to'])
  if (days >= longestDays) throw new InvalidInput(`At most ${longestDays} days are told at once.`, ['to'])
}

/** Sets how much the organisation itself wants to use, within what its plan allows; null leaves it to the plan. */
export async function setBudget(
  { sql, levels, coordination, log }: Pick<Platform, 'sql' | 'levels' | 'coordination' | 'log'>,
  viewer: Viewer,
  { metric, budget }: { metric: Metric; budget: number | null },
): Promise<Usage> {
  if (budget !== null && !(Number.isInteger(budget) && budget >= 0 && budget <= 1e15))
    throw new InvalidInput('A budget is a whole number, or none.', ['budget'])
  const changed = await sql.withOrganization(viewer, async (tx) => {
    await rowsOf(
      tx,
      `insert into platform.usage_limit (organization_id, metric, budget) values ($1, $2, $3)
       on conflict (organization_id, metric) do update set budget = excluded.budget, told = 0`,
      [unitOf(tx).scope.organizationId, metric, budget === null ? null : budget * unitOfMetric(metric)],
    )
    audit(tx, { action: 'budget.changed', detail: { metric, budget } })
    const usage = (await usageOf(tx, levels)).find((one) => one.metric === metric)
    if (!usage) throw new Error(`${metric} is not told.`)
    return usage
  })
  await tellLimitsChanged({ coordination, log }, viewer.organizationId)
  return changed
}
