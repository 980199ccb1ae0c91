import type { Row, Segment } from './layout.rows.ts'

const BINS = 160
const MIN_ROWS = 3
const PROSE_GAP = 4
const BOX_GAP = 2.1

/**
 * Puts the rows of a region into reading order: from top to bottom, but where text runs in columns, column after column.
 * Tables are not columns: their rows stay together.
 */
export function orderRows(rows: Row[], depth = 0): Row[] {
  const band = depth < 4 ? findColumns(rows) : undefined
  if (!band) return rows
  const { from, to, gutter } = band
  const inside = rows.slice(from, to)
  return [
    ...rows.slice(0, from),
    ...orderRows(
      side(inside, (segment) => segment.u1 <= gutter),
      depth + 1,
    ),
    ...orderRows(
      side(inside, (segment) => segment.u1 > gutter),
      depth + 1,
    ),
    ...orderRows(rows.slice(to), depth),
  ]
}

interface Band {
  from: number
  to: number
  gutter: number
}

function side(rows: Row[], keep: (segment: Segment) => boolean): Row[] {
  return rows.map((row) => ({ ...row, segments: row.segments.filter(keep) })).filter((row) => row.segments.length > 0)
}

/** The longest run of rows that a gutter parts into two columns of text. */
function findColumns(rows: Row[]): Band | undefined {
  let best: Band | undefined
  for (const gutter of findGutters(rows)) {
    const candidates = [
      ...runsBeside(rows, { gutter, gap: PROSE_GAP }).filter((run) => everySide(rows, run, isProse)),
      ...runsBeside(rows, { gutter, gap: BOX_GAP }).filter(
        (run) => isLabelled(rows, run) || everySide(rows, run, isStack),
      ),
    ]
    for (const run of candidates) if (run.to - run.from > (best ? best.to - best.from : 1)) best = run
  }
  return best
}

/** Positions that few segments cross: the middles of the emptiest stretches between the left and the right edge. */
function findGutters(rows: Row[]): number[] {
  const segments = rows.flatMap((row) => row.segments)
  const left = Math.min(...segments.map((segment) => segment.u0))
  const step = (Math.max(...segments.map((segment) => segment.u1)) - left) / BINS
  if (segments.length < 4 || !(step > 0)) return []
  const starts = new Map<number, number>()
  for (const segment of segments) {
    const bin = Math.floor((segment.u0 - left) / step)
    starts.set(bin, (starts.get(bin) ?? 0) + 1)
  }
  return [...starts]
    .filter(([bin, count]) => count >= 2 && bin > BINS * 0.15 && bin < BINS * 0.85)
    .map(([bin]) => left + (bin - 0.5) * step)
}

/** Runs of rows that nothing crosses at the gutter and that no gap (in letter heights) parts; each begins where both sides have text. */
function runsBeside(rows: Row[], { gutter, gap }: { gutter: number; gap: number }): Band[] {
  const runs: Band[] = []
  let from = 0
  for (let i = 0; i <= rows.length; i++) {
    const row = rows[i]
    const isOpen = row?.segments.every((segment) => segment.u1 <= gutter || segment.u0 >= gutter)
    const isApart = row && i > from && isFarBelow(row, rows[i - 1] ?? row, gap)
    if (isOpen && !isApart) continue
    const run = trim(rows, { from, to: i, gutter })
    if (run.to > run.from) runs.push(run)
    from = isOpen ? i : i + 1
  }
  return runs
}

function isFarBelow(row: Row, before: Row, gap: number): boolean {
  return row.baseline - before.baseline > gap * Math.max(row.size, before.size)
}

/** A run begins where both sides have text, so that a title above is not drawn into a column. */
function trim(rows: Row[], { from, to, gutter }: Band): Band {
  const first = (keep: (segment: Segment) => boolean): number => {
    const index = rows.slice(from, to).findIndex((row) => row.segments.some(keep))
    return index < 0 ? to : from + index
  }
  return {
    from: Math.max(
      first((segment) => segment.u1 <= gutter),
      first((segment) => segment.u0 >= gutter),
    ),
    to,
    gutter,
  }
}

type Side = Segment[][]

function sidesOf(rows: Row[], { from, to, gutter }: Band): [Side, Side] {
  const inside = rows.slice(from, to)
  const pick = (keep: (segment: Segment) => boolean): Side =>
    inside.map((row) => row.segments.filter(keep)).filter((segments) => segments.length > 0)
  return [pick((segment) => segment.u1 <= gutter), pick((segment) => segment.u0 >= gutter)]
}

function everySide(rows: Row[], run: Band, test: (side: Side) => boolean): boolean {
  return sidesOf(rows, run).every(test)
}

/** Running text: mostly one long segment a row, few digits. */
function isProse(side: Side): boolean {
  return side.length >= 5 && singleShare(side) > 0.8 && typicalLength(side) >= 22 && digitShare(side) < 0.25
}

/** A few lines that begin below each other, such as an address; neither labels nor the rows of a table. */
function isStack(side: Side): boolean {
  const segments = side.flat()
  const labels = segments.filter((segment) => segment.words.at(-1)?.text.endsWith(':')).length / segments.length
  const aligned = mostCommonStart(segments) / side.length
  return (
    side.length >= MIN_ROWS &&
    singleShare(side) > 0.9 &&
    typicalLength(side) >= 9 &&
    aligned > 0.7 &&
    digitShare(side) < 0.4 &&
    labels < 0.3
  )
}

/** Two boxes of a form beside each other: each begins with a label in smaller letters than what is filled in below. */
function isLabelled(rows: Row[], run: Band): boolean {
  const first = rows[run.from]?.segments ?? []
  const sides = sidesOf(rows, run)
  if (first.length !== 2) return false
  return sides.every((side) => {
    const [label, ...values] = side.flat()
    return (
      label && values.length > 0 && singleShare(side) === 1 && values.every((value) => label.size < value.size * 0.85)
    )
  })
}

/** The share of rows that are one segment. */
function singleShare(side: Side): number {
  return side.filter((row) => row.length === 1).length / Math.max(1, side.length)
}

function typicalLength(side: Side): number {
  const lengths = side
    .flat()
    .map((segment) => segment.characters)
    .sort((a, b) => a - b)
  return lengths[lengths.length >> 1] ?? 0
}

function digitShare(side: Side): number {
  const text = side
    .flat()
    .flatMap((segment) => segment.words.map((word) => word.text))
    .join('')
  return text.replaceAll(/\D/g, '').length / Math.max(1, text.length)
}

function mostCommonStart(segments: Segment[]): number {
  const step = Math.max(...segments.map((segment) => segment.size)) * 0.4
  const starts = new Map<number, number>()
  for (const { u0 } of segments) {
    const start = u0 / step
    for (const bin of new Set([Math.floor(start), Math.round(start) + 0.5])) starts.set(bin, (starts.get(bin) ?? 0) + 1)
  }
  return Math.max(0, ...starts.values())
}
