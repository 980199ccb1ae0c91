import type { PlacedWord } from './layout.words.ts'

/** Words that follow each other on one line without a wide gap. */
export interface Segment {
  words: PlacedWord[]
  u0: number
  u1: number
  v0: number
  v1: number
  baseline: number
  size: number
  characters: number
}

/** Segments on the same baseline, left to right. */
export interface Row {
  segments: Segment[]
  baseline: number
  size: number
}

interface Gathering {
  words: PlacedWord[]
  baseline: number
  size: number
}

const WIDE_GAP = 1.1
const BAND = 8

/** Gathers words of one direction into rows from top to bottom. A small raised or lowered word joins the row it touches. */
export function gatherRows(words: PlacedWord[]): Row[] {
  const rows: Gathering[] = []
  const bands = new Map<number, Gathering[]>()
  for (const word of [...words].sort((a, b) => b.size - a.size || a.baseline - b.baseline)) {
    const row = findRow(bands, word)
    if (row) row.words.push(word)
    else {
      const started = { words: [word], baseline: word.baseline, size: word.size }
      rows.push(started)
      const band = Math.floor(word.baseline / BAND)
      bands.set(band, [...(bands.get(band) ?? []), started])
    }
  }
  return rows.sort((a, b) => a.baseline - b.baseline).map(toRow)
}

function findRow(bands: Map<number, Gathering[]>, word: PlacedWord): Gathering | undefined {
  const reach = Math.ceil((word.size * 1.5) / BAND) + 1
  const middle = Math.floor(word.baseline / BAND)
  let best: { row: Gathering; off: number } | undefined
  for (let band = middle - reach; band <= middle + reach; band++) {
    for (const row of bands.get(band) ?? []) {
      const off = Math.abs(row.baseline - word.baseline)
      if ((off < word.size * 0.3 || isRaised(row, word)) && off < (best?.off ?? Infinity)) best = { row, off }
    }
  }
  return best?.row
}

function isRaised(row: Gathering, word: PlacedWord): boolean {
  if (word.size > row.size * 0.85 || word.v1 < row.baseline - row.size || word.v0 > row.baseline + row.size * 0.2)
    return false
  return row.words.some((other) => Math.max(word.u0 - other.u1, other.u0 - word.u1) < row.size * 0.25)
}

function toRow({ words, baseline, size }: Gathering): Row {
  const segments: Segment[] = []
  let current: PlacedWord[] = []
  for (const word of words.sort((a, b) => a.u0 - b.u0)) {
    const before = current.at(-1)
    if (before && word.u0 - before.u1 > WIDE_GAP * Math.max(before.size, word.size)) {
      segments.push(toSegment(current))
      current = []
    }
    current.push(word)
  }
  if (current.length > 0) segments.push(toSegment(current))
  return { segments, baseline, size }
}

function toSegment(words: PlacedWord[]): Segment {
  const sizes = words.map((word) => word.size).sort((a, b) => a - b)
  return {
    words,
    u0: words[0]?.u0 ?? 0,
    u1: Math.max(...words.map((word) => word.u1)),
    v0: Math.min(...words.map((word) => word.v0)),
    v1: Math.max(...words.map((word) => word.v1)),
    baseline: words[0]?.baseline ?? 0,
    size: sizes[sizes.length >> 1] ?? 1,
    characters: words.reduce((sum, word) => sum + word.text.length + 1, 0),
  }
}
