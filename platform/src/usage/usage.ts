import { QuotaExceeded } from '../schema/refusals.ts'
import { holdName } from '../sql/hold.ts'
import { rowsOf, type Tx } from '../sql/sql.ts'
import { unitOf } from '../sql/unit.ts'
import { tellShare } from './share.ts'
import {
  countUse,
  dropExpiredHolds,
  findLimits,
  monthEnd,
  takeHold,
  unitOfMetric,
  writeHold,
  type CountedUse,
} from './usage.store.ts'

/**
 * What an organisation uses, and how much of it it may.
 *
 * Promises: what is taken is counted with the rows that it made, or not at all; never more is taken than the limit allows, however many take at
 * once; what was promised to work whose process died comes back within the hour. A limit that is lowered below what is used refuses the next, and
 * takes nothing away. Months and days are those of Paris.
 */

/** Used up in a month, and counted when it happens: pages read, tokens of models, milliseconds of the card, requests to the API. */
export const flowMetrics = ['pages', 'tokens', 'gpuMs', 'requests'] as const
export type FlowMetric = (typeof flowMetrics)[number]

/** What is there now, counted where it lies: documents, and the bytes of their files. */
export const levelMetrics = ['documents', 'storageBytes'] as const
export type LevelMetric = (typeof levelMetrics)[number]

export const metrics = [...levelMetrics, ...flowMetrics] as const
export type Metric = (typeof metrics)[number]

/** How a room counts what of it is there: one statement that answers `amount`, of the organisation whose transaction asks. */
export interface Level {
  metric: LevelMetric
  sql: string
}

export type Amounts<Name extends Metric = Metric> = Readonly<Partial<Record<Name, number>>>

const pending = new WeakMap<Tx, { flows: Map<FlowMetric, number>; levels: Map<LevelMetric, Growth> }>()

/**
 * Takes amounts of the month with the transaction: counted last in it, so that the counter is held no longer than it takes. More than is left ends the
 * transaction with QuotaExceeded. Whole numbers.
 */
export function takeUse(tx: Tx, amounts: Amounts<FlowMetric>): void {
  const { flows } = pendingOf(tx)
  for (const metric of flowMetrics) {
    const amount = amounts[metric] ?? 0
    if (amount > 0) flows.set(metric, (flows.get(metric) ?? 0) + amount)
  }
}

interface Growth extends Level {
  grown: number
}

/** Ends the transaction with QuotaExceeded when, with what it has written, more is there than may be; `grown` is how much of that it wrote. */
export function requireRoom(tx: Tx, levels: readonly Level[], grown: Amounts<LevelMetric>): void {
  const known = pendingOf(tx).levels
  for (const level of levels)
    known.set(level.metric, {
      ...level,
      grown: (known.get(level.metric)?.grown ?? 0) + (grown[level.metric] ?? 0),
    })
}

function pendingOf(tx: Tx) {
  const known = pending.get(tx)
  if (known) return known
  const fresh = { flows: new Map<FlowMetric, number>(), levels: new Map<LevelMetric, Growth>() }
  pending.set(tx, fresh)
  unitOf(tx).lastWrites.set('usage', () => settle(tx, fresh))
  return fresh
}

async function settle(
  tx: Tx,
  { flows, levels }: { flows: ReadonlyMap<FlowMetric, number>; levels: ReadonlyMap<LevelMetric, Growth> },
): Promise<void> {
  const limits = await findLimits(tx)
  // One fixed order: two that took the counters in turn would wait for each other.
  for (const metric of flowMetrics) {
    const amount = flows.get(metric)
    if (amount === undefined) continue
    const counted = await countUse(tx, metric, { used: amount })
    await requireWithin(tx, metric, { counted, limit: limits.get(metric), amount })
    await tellShare(tx, metric, { used: counted.used, limit: limits.get(metric) })
  }
  for (const { metric, sql, grown } of levels.values()) {
    const limit = limits.get(metric)
    if (limit === undefined) continue
    // Who counts waits for who is about to commit.
    await holdName(tx, 'usage')
    const there = await readLevel(tx, sql)
    if (there > limit) throw exceeded(metric, { limit, used: there - grown, resetsAt: null })
    await tellShare(tx, metric, { used: there, limit })
  }
}

/**
 * Promises amounts of the month to work that is about to begin, for an hour at most; QuotaExceeded when less is left. `settleUse` ends it with what
 * was used in truth.
 */
export async function holdUse(tx: Tx, id: string, amounts: Amounts<FlowMetric>): Promise<void> {
  const limits = await findLimits(tx)
  const promised: [FlowMetric, number][] = []
  for (const metric of flowMetrics) {
    const amount = amounts[metric] ?? 0
    const limit = limits.get(metric)
    if (limit === undefined || amount <= 0) continue
    const counted = await countUse(tx, metric, { held: amount })
    await requireWithin(tx, metric, { counted, limit, amount })
    promised.push([metric, amount])
  }
  if (promised.length > 0) await writeHold(tx, id, promised)
}

/** Counts what work used, whatever was promised to it, and ends the promise. The work is done: it is never refused. */
export async function settleUse(tx: Tx, id: string, amounts: Amounts<FlowMetric>): Promise<void> {
  const [limits, promised] = [await findLimits(tx), await takeHold(tx, id)]
  for (const metric of flowMetrics) {
    const [used, held] = [amounts[metric] ?? 0, promised.get(metric) ?? 0]
    if (used === 0 && held === 0) continue
    const counted = await countUse(tx, metric, { used, held: -held })
    await tellShare(tx, metric, { used: counted.used, limit: limits.get(metric) })
  }
}

export interface Taken {
  granted: number
  /** What is left after it; null for no limit. */
  left: number | null
  limit: number | null
  used: number
  /** When counting begins anew. */
  resetsAt: Date
}

/**
 * Takes as much of what is wanted as is left, and counts beside it what was used already, in one step: for who asks for many at once. Whole numbers.
 */
export async function takeWhatIsLeft(
  tx: Tx,
  metric: FlowMetric,
  { wanted, done }: { wanted: number; done: number },
): Promise<Taken> {
  const limit = (await findLimits(tx)).get(metric) ?? null
  const before = await countUse(tx, metric, { used: done })
  const left = limit === null ? null : limit - before.used - before.held
  const granted = left === null ? wanted : Math.max(0, Math.min(wanted, left))
  const { used } = granted > 0 ? await countUse(tx, metric, { used: granted }) : before
  await tellShare(tx, metric, { used, limit: limit ?? undefined })
  return {
    granted,
    left: left === null ? null : Math.max(0, left - granted),
    limit,
    used,
    resetsAt: monthEnd(new Date()),
  }
}

/** How much of it is there now. */
export async function readLevel(tx: Tx, sql: string): Promise<number> {
  const [row] = await rowsOf<{ amount: string | number }>(tx, sql, [])
  return Number(row?.amount ?? 0)
}

/** The counter's row is held by now: what it says is what is used and promised, by everybody. */
async function requireWithin(
  tx: Tx,
  metric: FlowMetric,
  { counted, limit, amount }: { counted: CountedUse; limit: number | undefined; amount: number },
): Promise<void> {
  if (limit === undefined || counted.used + counted.held <= limit) return
  const { used, held } = counted.held > 0 ? await dropExpiredHolds(tx, metric) : counted
  if (used + held > limit) throw exceeded(metric, { limit, used: used + held - amount, resetsAt: monthEnd(new Date()) })
}

const names: Record<Metric, string> = {
  documents: 'documents',
  storageBytes: 'bytes of files',
  pages: 'pages read in a month',
  tokens: 'tokens of models in a month',
  gpuMs: 'seconds of the card in a month',
  requests: 'requests in a month',
}

function exceeded(
  metric: Metric,
  { limit, used, resetsAt }: { limit: number; used: number; resetsAt: Date | null },
): QuotaExceeded {
  const unit = unitOfMetric(metric)
  return new QuotaExceeded({
    message: `Your organisation may use ${(limit / unit).toLocaleString('en')} ${names[metric]}; this would be more.`,
    limit: limit / unit,
    used: used / unit,
    resetsAt,
  })
}
