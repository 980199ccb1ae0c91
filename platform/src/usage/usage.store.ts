import { rowsOf, type Tx } from '../sql/sql.ts'
import { unitOf } from '../sql/unit.ts'
import type { FlowMetric, Metric } from './usage.ts'

export interface CountedUse {
  used: number
  /** Promised to work under way. */
  held: number
}

const month = `to_char(now() at time zone 'Europe/Paris', 'YYYY-MM')`

/** Calls in an hour to models that take more than half of the card; a limit of its own, told by the coordination port's clock. */
export const heavyCalls = 'heavyCallsPerHour'
export type Limited = Metric | typeof heavyCalls

/** How much of what is counted is one of what people are told: the card is counted in milliseconds and told in seconds. */
export const unitOfMetric = (metric: Limited): number => (metric === 'gpuMs' ? 1_000 : 1)

/** The limits that hold; a metric without one is not limited. */
export async function findLimits(tx: Tx): Promise<Map<Limited, number>> {
  const rows = await rowsOf<{ metric: Limited; amount: number }>(
    tx,
    'select metric, least(plan, budget) as amount from platform.usage_limit where least(plan, budget) is not null',
    [],
  )
  return new Map(rows.map(({ metric, amount }) => [metric, amount]))
}

/** Adds to the month's counter, and to the day's, and holds the counter's row until the transaction ends. */
export async function countUse(
  tx: Tx,
  metric: FlowMetric,
  { used = 0, held = 0 }: Partial<CountedUse>,
): Promise<CountedUse> {
  const { organizationId } = unitOf(tx).scope
  const [row] = await rowsOf<CountedUse>(
    tx,
    `with day as (
       insert into platform.usage_day as day (organization_id, metric, day, used)
       select $1, $2, (now() at time zone 'Europe/Paris')::date, $3::bigint where $3::bigint <> 0
       on conflict (organization_id, day, metric) do update set used = day.used + excluded.used)
     insert into platform.usage as counter (organization_id, metric, month, used, held)
     values ($1, $2, ${month}, $3, $4)
     on conflict (organization_id, metric, month)
       do update set used = counter.used + excluded.used, held = greatest(0, counter.held + excluded.held)
     returning used, held`,
    [organizationId, metric, used, held],
  )
  if (!row) throw new Error(`The use of ${metric} could not be counted.`)
  return row
}

/** Takes back what was promised to work that has not been heard of for its whole time. */
export async function dropExpiredHolds(tx: Tx, metric: FlowMetric): Promise<CountedUse> {
  const [row] = await rowsOf<CountedUse>(
    tx,
    `with gone as (
       delete from platform.usage_hold
       where metric = $1 and month = ${month} and expires_at < now() returning amount)
     update platform.usage set held = greatest(0, held - (select coalesce(sum(amount), 0) from gone)::bigint)
     where metric = $1 and month = ${month} returning used, held`,
    [metric],
  )
  return row ?? { used: 0, held: 0 }
}

/** Promises amounts to work under way, for an hour at most. */
export async function writeHold(
  tx: Tx,
  id: string,
  amounts: readonly (readonly [FlowMetric, number])[],
): Promise<void> {
  await rowsOf(
    tx,
    `insert into platform.usage_hold (id, organization_id, metric, month, amount, expires_at)
     select $1, $2, metric, ${month}, amount, now() + interval '1 hour'
     from unnest($3::text[], $4::bigint[]) as promised (metric, amount)`,
    [id, unitOf(tx).scope.organizationId, amounts.map(([metric]) => metric), amounts.map(([, amount]) => amount)],
  )
}

/** Ends what was promised to the work; answers what of it was still promised this month. */
export async function takeHold(tx: Tx, id: string): Promise<Map<FlowMetric, number>> {
  const rows = await rowsOf<{ metric: FlowMetric; amount: number; current: boolean }>(
    tx,
    `delete from platform.usage_hold where id = $1 returning metric, amount, month = ${month} as current`,
    [id],
  )
  return new Map(rows.flatMap(({ metric, amount, current }) => (current ? [[metric, amount] as const] : [])))
}

/** The month's counters. */
export async function readCounters(tx: Tx): Promise<Map<FlowMetric, CountedUse>> {
  const rows = await rowsOf<CountedUse & { metric: FlowMetric }>(
    tx,
    `select metric, used, held from platform.usage where month = ${month}`,
    [],
  )
  return new Map(rows.map(({ metric, used, held }) => [metric, { used, held }]))
}

/** What was used day by day, first and last day included, as `2026-11-20`. */
export function readDays(
  tx: Tx,
  { from, to }: { from: string; to: string },
): Promise<{ day: string; metric: Metric; used: number }[]> {
  return rowsOf(
    tx,
    `select day::text, metric, used from platform.usage_day where day between $1::date and $2::date order by day, metric`,
    [from, to],
  )
}

/** Remembers how much was there at the end of a day, or so far today. */
export async function writeLevel(tx: Tx, metric: Metric, amount: number): Promise<void> {
  await rowsOf(
    tx,
    `insert into platform.usage_day (organization_id, metric, day, used)
     values ($1, $2, (now() at time zone 'Europe/Paris')::date, $3)
     on conflict (organization_id, day, metric) do update set used = excluded.used`,
    [unitOf(tx).scope.organizationId, metric, amount],
  )
}

/** The moment at which the month of Paris that holds the given one ends. */
export function monthEnd(now: Date): Date {
  const parts = new Intl.DateTimeFormat('en', { timeZone: 'Europe/Paris', year: 'numeric', month: 'numeric' })
  const of = (type: string): number =>
    Number(parts.formatToParts(now).find((part) => part.type === type)?.value ?? Number.NaN)
  // The first of the next month, at midnight in Paris: one or two hours before midnight in Greenwich.
  const midnight = Date.UTC(of('year'), of('month'), 1)
  const hour = Number(
    new Intl.DateTimeFormat('en', { timeZone: 'Europe/Paris', hour: 'numeric', hourCycle: 'h23' }).format(midnight),
  )
  return new Date(midnight - hour * 3_600_000)
}
