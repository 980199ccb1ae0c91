import type { Row, Segment } from './layout.rows.ts'

const BINS = 160
const MIN_ROWS = 3

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
    ...orderRows(side(inside, (segment) => segment.u1 <= gutter), depth + 1),
    ...orderRows(side(inside, (segment) => segment.u1 > gutter), depth + 1),
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

/** The topmost longest run of rows that a gutter parts into two columns of text. */
function findColumns(rows: Row[]): Band | undefined {
  let best: Band | undefined
  for (const gutter of findGutters(rows)) {
    for (const run of runsBeside(rows, gutter)) {
      if (run.to - run.from > (best ? best.to - best.from : MIN_ROWS - 1) && isTwoColumns(rows.slice(run.from, run.to), gutter)) best = run
    }
  }
  return best
}

/** Positions that few segments cross: the middles of the emptiest stretches between the left and the right edge. */
function findGutters(rows: Row[]): number[] {
  const segments = rows.flatMap((row) => row.segments)
  const left = Math.min(...segments.map((segment) => segment.u0))
  const step = (Math.max(...segments.map((segment) => segment.u1)) - left) / BINS
  if (segments.length < 2 * MIN_ROWS || !(step > 0)) return []
  const starts = new Map<number, number>()
  for (const segment of segments) {
    const bin = Math.floor((segment.u0 - left) / step)
    starts.set(bin, (starts.get(bin) ?? 0) + 1)
  }
  return [...starts]
    .filter(([bin, count]) => count >= MIN_ROWS && bin > BINS * 0.15 && bin < BINS * 0.85)
    .map(([bin]) => left + (bin - 0.5) * step)
}

/** Runs of rows that nothing crosses at the gutter; a row of one side only belongs to the run around it. */
function runsBeside(rows: Row[], gutter: number): Band[] {
  const runs: Band[] = []
  let from = 0
  for (let i = 0; i <= rows.length; i++) {
    const row = rows[i]
    const open = row && row.segments.every((segment) => segment.u1 <= gutter || segment.u0 >= gutter) && !isFarBelow(rows, i, from)
    if (open) continue
    if (i > from) runs.push(trim(rows, { from, to: i, gutter }))
    from = row && isFarBelow(rows, i, from) && row.segments.every((segment) => segment.u1 <= gutter || segment.u0 >= gutter) ? i : i + 1
  }
  return runs
}

function isFarBelow(rows: Row[], index: number, from: number): boolean {
  const [row, before] = [rows[index], rows[index - 1]]
  return index > from && row !== undefined && before !== undefined && row.baseline - before.baseline > 4 * Math.max(row.size, before.size)
}

/** A run begins and ends where both sides still have text nearby, so that a heading or a closing line is not drawn into a column. */
function trim(rows: Row[], { from, to, gutter }: Band): Band {
  const rightRows = rows.map((row, index) => (index >= from && index < to && row.segments.some((segment) => segment.u0 >= gutter) ? index : -1)).filter((index) => index >= 0)
  const leftRows = rows.map((row, index) => (index >= from && index < to && row.segments.some((segment) => segment.u1 <= gutter) ? index : -1)).filter((index) => index >= 0)
  return { from: Math.max(from, Math.max(rightRows[0] ?? to, leftRows[0] ?? to) - 1), to, gutter }
}

/** Prose on both sides, or two stacks of words (such as two addresses) that are not the rows of a table. */
function isTwoColumns(rows: Row[], gutter: number): boolean {
  const left = rows.map((row) => row.segments.filter((segment) => segment.u1 <= gutter)).filter((segments) => segments.length > 0)
  const right = rows.map((row) => row.segments.filter((segment) => segment.u0 >= gutter)).filter((segments) => segments.length > 0)
  if (left.length < MIN_ROWS || right.length < MIN_ROWS) return false
  const sides = [left, right].map(describeSide)
  if (sides.every((it) => it.prose)) return true
  return sides.every((it) => it.stack)
}

function describeSide(rows: Segment[][]): { prose: boolean; stack: boolean } {
  const segments = rows.flat()
  const single = rows.filter((row) => row.length === 1).length / rows.length
  const text = segments.flatMap((segment) => segment.words.map((word) => word.text)).join('')
  const digits = text.replaceAll(/[^\d]/g, '').length / Math.max(1, text.length)
  const lengths = segments.map((segment) => segment.characters).sort((a, b) => a - b)
  const typical = lengths[lengths.length >> 1] ?? 0
  const aligned = mostCommonStart(segments) / rows.length
  const labels = segments.filter((segment) => /[:：]$/.test(segment.words.at(-1)?.text ?? '')).length / segments.length
  return {
    prose: single > 0.8 && typical >= 22 && rows.length >= 5 && digits < 0.25,
    stack: single > 0.9 && typical >= 9 && aligned > 0.7 && digits < 0.4 && labels < 0.3 && rows.length <= 12,
  }
}

function mostCommonStart(segments: Segment[]): number {
  const starts = new Map<number, number>()
  for (const segment of segments) {
    const start = segment.u0 / (segment.size * 0.4)
    for (const bin of new Set([Math.floor(start), Math.round(start) + 0.5])) starts.set(bin, (starts.get(bin) ?? 0) + 1)
  }
  return Math.max(0, ...starts.values())
}
