import { publish } from '../facts/facts.ts'
import { rowsOf, type Tx } from '../sql/sql.ts'
import type { Metric } from './usage.ts'

export const usageReachedType = 'usage.reached'

/** The shares of a limit, in percent, at which the organisation is told. */
const shares = [100, 80]

/** Tells, once a month for each, that 80 % of a limit is used, and all of it. */
export async function tellShare(
  tx: Tx,
  metric: Metric,
  { used, limit }: { used: number; limit: number | undefined },
): Promise<void> {
  if (limit === undefined) return
  const share = shares.find((percent) => used * 100 >= limit * percent)
  if (share === undefined) return
  const told = await rowsOf(
    tx,
    `update platform.usage_limit set told = $2, told_month = to_char(now() at time zone 'Europe/Paris', 'YYYY-MM')
     where metric = $1 and (told < $2 or told_month is distinct from to_char(now() at time zone 'Europe/Paris', 'YYYY-MM'))
     returning metric`,
    [metric, share],
  )
  if (told.length > 0) publish(tx, { type: usageReachedType, payload: { metric, percent: share } })
}
