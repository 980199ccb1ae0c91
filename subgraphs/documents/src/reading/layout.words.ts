import type { Glyph } from './pdf.glyphs.ts'

/** A word on the page. `left…bottom` is its upright box; `u, v` are the same in the frame in which its text runs to the right. */
export interface PlacedWord {
  text: string
  left: number
  top: number
  right: number
  bottom: number
  /** Quarter turns of its reading direction, clockwise. */
  turn: 0 | 1 | 2 | 3
  u0: number
  u1: number
  v0: number
  v1: number
  /** The v of its baseline. */
  baseline: number
  size: number
  /** 0 to 1, only for recognised words. */
  confidence?: number
}

interface Open {
  glyphs: Glyph[]
  last: Glyph
}

const GAP = 0.1
const OFF_LINE = 0.25
const BACKWARDS = 0.3

/** Groups characters in paint order into words: a word ends at a space, a gap, another line, direction or size. Repainted words count once. */
export function groupWords(glyphs: Glyph[]): PlacedWord[] {
  const words: PlacedWord[] = []
  const sameText = new Map<string, PlacedWord[]>()
  let open: Open | undefined
  const close = (): void => {
    const word = open && toWord(open.glyphs)
    open = undefined
    if (!word) return
    const others = sameText.get(word.text) ?? []
    if (others.slice(-8).some((other) => isRepaint(other, word))) return
    sameText.set(word.text, [...others.slice(-7), word])
    words.push(word)
  }
  for (const glyph of glyphs) {
    // A space that is painted somewhere else parts nothing here.
    if (glyph.space) {
      if (open && isNear(open.last, glyph)) close()
    } else if (open && continues(open.last, glyph)) {
      open.glyphs.push(glyph)
      open.last = glyph
    } else {
      close()
      open = { glyphs: [glyph], last: glyph }
    }
  }
  close()
  return words
}

function isNear(last: Glyph, glyph: Glyph): boolean {
  return Math.hypot(glyph.x0 - last.nextX, glyph.y0 - last.nextY) < last.size
}

/** Bold and shadows are often faked by painting the same word again a hair aside. */
function isRepaint(other: PlacedWord, word: PlacedWord): boolean {
  const near = word.size * 0.2
  return Math.abs(other.left - word.left) < near && Math.abs(other.top - word.top) < near && Math.abs(other.right - word.right) < near
}

function continues(last: Glyph, glyph: Glyph): boolean {
  const length = Math.hypot(last.nextX - last.x0, last.nextY - last.y0)
  const size = Math.max(last.size, glyph.size)
  if (length === 0) return Math.hypot(glyph.x0 - last.x0, glyph.y0 - last.y0) < size * GAP
  const dx = (last.x1 - last.x0 || last.nextX - last.x0) / (Math.hypot(last.x1 - last.x0, last.y1 - last.y0) || length)
  const dy = (last.y1 - last.y0 || last.nextY - last.y0) / (Math.hypot(last.x1 - last.x0, last.y1 - last.y0) || length)
  const gap = (glyph.x0 - last.nextX) * dx + (glyph.y0 - last.nextY) * dy
  const off = Math.abs((glyph.y0 - last.nextY) * dx - (glyph.x0 - last.nextX) * dy)
  return gap < size * GAP && gap > -size * BACKWARDS && off < size * OFF_LINE && Math.min(last.size, glyph.size) > size * 0.5
}

function toWord(glyphs: Glyph[]): PlacedWord | undefined {
  const [first] = glyphs
  const last = glyphs.at(-1)
  if (!first || !last) return undefined
  const text = glyphs
    .map((glyph) => glyph.text)
    .join('')
    .normalize('NFKC')
    .replaceAll(/[\u0000-\u001f\u007f\u00ad\s]/g, '')
  if (!text) return undefined
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity]
  for (const { x0, y0, x1, y1, up, down } of glyphs) {
    left = Math.min(left, x0 + up.x, x0 + down.x, x1 + up.x, x1 + down.x)
    right = Math.max(right, x0 + up.x, x0 + down.x, x1 + up.x, x1 + down.x)
    top = Math.min(top, y0 + up.y, y0 + down.y, y1 + up.y, y1 + down.y)
    bottom = Math.max(bottom, y0 + up.y, y0 + down.y, y1 + up.y, y1 + down.y)
  }
  const turn = toTurn(first, last)
  return { text, left, top, right, bottom, turn, size: first.size, ...toFrame({ left, top, right, bottom, turn, x: first.x0, y: first.y0 }) }
}

function toTurn(first: Glyph, last: Glyph): PlacedWord['turn'] {
  const [dx, dy] = last.x1 === first.x0 && last.y1 === first.y0 ? [-first.up.y, first.up.x] : [last.x1 - first.x0, last.y1 - first.y0]
  if (Math.abs(dx) >= Math.abs(dy)) return dx >= 0 ? 0 : 2
  return dy > 0 ? 1 : 3
}

function toFrame({ left, top, right, bottom, turn, x, y }: { left: number; top: number; right: number; bottom: number; turn: PlacedWord['turn']; x: number; y: number }) {
  if (turn === 0) return { u0: left, u1: right, v0: top, v1: bottom, baseline: y }
  if (turn === 2) return { u0: -right, u1: -left, v0: -bottom, v1: -top, baseline: -y }
  if (turn === 1) return { u0: top, u1: bottom, v0: -right, v1: -left, baseline: -x }
  return { u0: -bottom, u1: -top, v0: left, v1: right, baseline: x }
}
