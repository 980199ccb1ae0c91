import { orderRows } from './layout.columns.ts'
import { gatherRows, type Row } from './layout.rows.ts'
import type { PlacedWord } from './layout.words.ts'
import type { LaidLine, LaidWord } from './page.ts'

const MAX_HEADING = 120

/** Puts the words of a page of the given size into lines in reading order, with blocks and headings. Turned text comes after upright text. */
export function layOut(words: PlacedWord[], size: { width: number; height: number }): LaidLine[] {
  const turns = [0, 1, 2, 3].map((turn) => words.filter((word) => word.turn === turn)).filter((some) => some.length > 0)
  turns.sort((a, b) => b.length - a.length)
  const body = bodySize(words)
  const lines: LaidLine[] = []
  let block = -1
  for (const some of turns) {
    let before: Row | undefined
    for (const row of orderRows(gatherRows(some))) {
      if (!before || !continuesBlock(before, row)) block += 1
      lines.push({ words: toWords(row, size), block })
      const level = headingLevel(row, body)
      const line = lines.at(-1)
      if (level !== undefined && line) line.heading = level
      before = row
    }
  }
  return lines
}

function continuesBlock(before: Row, row: Row): boolean {
  const step = row.baseline - before.baseline
  const size = Math.max(before.size, row.size)
  if (step <= 0 || step > size * 1.75 || Math.min(before.size, row.size) < size * 0.85) return false
  const [a, b] = [extent(before), extent(row)]
  return Math.min(a.u1, b.u1) > Math.max(a.u0, b.u0)
}

function extent(row: Row): { u0: number; u1: number } {
  return { u0: row.segments[0]?.u0 ?? 0, u1: row.segments.at(-1)?.u1 ?? 0 }
}

function toWords(row: Row, { width, height }: { width: number; height: number }): LaidWord[] {
  return row.segments.flatMap((segment, index) =>
    segment.words.map(({ text, left, top, right, bottom, confidence }, position) => ({
      text,
      box: toBox({ left: left / width, top: top / height, right: right / width, bottom: bottom / height }),
      ...(confidence !== undefined && { confidence }),
      ...(index > 0 && position === 0 && { wide: true }),
    })),
  )
}

function toBox({
  left,
  top,
  right,
  bottom,
}: {
  left: number
  top: number
  right: number
  bottom: number
}): LaidWord['box'] {
  const [x, y] = [inUnit(left), inUnit(top)]
  return { x, y, width: round(inUnit(right) - x), height: round(inUnit(bottom) - y) }
}

function inUnit(value: number): number {
  return round(Math.min(1, Math.max(0, value)))
}

function round(value: number): number {
  return Math.round(value * 1e5) / 1e5
}

/** The size most characters have. */
function bodySize(words: PlacedWord[]): number {
  const counts = new Map<number, number>()
  for (const word of words) {
    const size = Math.round(word.size * 2) / 2
    counts.set(size, (counts.get(size) ?? 0) + word.text.length)
  }
  return [...counts].reduce((best, entry) => (entry[1] > best[1] ? entry : best), [0, 0])[0]
}

function headingLevel(row: Row, body: number): number | undefined {
  const characters = row.segments.reduce((sum, segment) => sum + segment.characters, 0)
  const ratio = row.size / body
  if (ratio < 1.15 || characters > MAX_HEADING || characters < 3) return undefined
  if (ratio > 1.6) return 1
  return ratio > 1.3 ? 2 : 3
}
