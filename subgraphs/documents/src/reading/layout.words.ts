import type { Glyph, Vector } from './pdf.painter.ts'

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

const GAP = 0.1
const OFF_LINE = 0.25
const BACKWARDS = 0.3
/** Words of the same text that a new one is compared with. */
const REMEMBERED = 8

/** Takes characters in paint order and gives words. */
export interface WordCollector {
  add(glyph: Glyph): void
  /** The words of all characters added so far. */
  finish(): PlacedWord[]
}

/** Groups characters into words: a word ends at a space, a gap, another line, direction or size. Repainted words count once. */
export function createWordCollector(): WordCollector {
  const words: PlacedWord[] = []
  const sameText = new Map<string, PlacedWord[]>()
  let open: Glyph[] = []
  const close = (): void => {
    const word = toWord(open)
    open = []
    if (!word) return
    const others = sameText.get(word.text)
    if (others?.some((other) => isRepaint(other, word))) return
    if (!others) sameText.set(word.text, [word])
    else if (others.push(word) > REMEMBERED) others.shift()
    words.push(word)
  }
  return {
    add: (glyph) => {
      const last = open.at(-1)
      // A space that is painted somewhere else parts nothing here.
      if (glyph.space) {
        if (last && isNear(last, glyph)) close()
        return
      }
      if (last && !continues(last, glyph)) close()
      open.push(glyph)
    },
    finish: () => {
      close()
      return words
    },
  }
}

function isNear(last: Glyph, glyph: Glyph): boolean {
  return Math.hypot(glyph.x0 - last.nextX, glyph.y0 - last.nextY) < last.lie.size
}

/** Bold and shadows are often faked by painting the same word again a hair aside. */
function isRepaint(other: PlacedWord, word: PlacedWord): boolean {
  const near = word.size * 0.2
  return (
    Math.abs(other.left - word.left) < near &&
    Math.abs(other.top - word.top) < near &&
    Math.abs(other.right - word.right) < near
  )
}

function continues(last: Glyph, glyph: Glyph): boolean {
  const { along, size: before } = last.lie
  const after = glyph.lie.size
  const size = Math.max(before, after)
  const [dx, dy] = [glyph.x0 - last.nextX, glyph.y0 - last.nextY]
  const gap = dx * along.x + dy * along.y
  const off = Math.abs(dy * along.x - dx * along.y)
  return gap < size * GAP && gap > -size * BACKWARDS && off < size * OFF_LINE && Math.min(before, after) > size * 0.5
}

function toWord(glyphs: Glyph[]): PlacedWord | undefined {
  const [first] = glyphs
  const last = glyphs.at(-1)
  const text = toText(glyphs)
  if (!first || !last || !text) return undefined
  const box = { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity }
  for (const glyph of glyphs) {
    // Between the first and the last, only what lies otherwise can reach further.
    if (glyph === first || glyph === last || glyph.lie !== first.lie) reach(box, glyph)
  }
  const turn = toTurn(first.lie.along)
  return { text, ...box, turn, size: first.lie.size, ...toFrame(box, turn, first) }
}

function toText(glyphs: Glyph[]): string {
  let text = ''
  for (const glyph of glyphs) text += glyph.text
  if (/^[!-~]*$/.test(text)) return text
  return text.normalize('NFKC').replaceAll(/[\u0000-\u001f\u007f\u00ad\s]/g, '')
}

interface Extent {
  left: number
  top: number
  right: number
  bottom: number
}

function reach(box: Extent, { x0, y0, x1, y1, lie: { up, down } }: Glyph): void {
  box.left = Math.min(box.left, x0 + up.x, x0 + down.x, x1 + up.x, x1 + down.x)
  box.right = Math.max(box.right, x0 + up.x, x0 + down.x, x1 + up.x, x1 + down.x)
  box.top = Math.min(box.top, y0 + up.y, y0 + down.y, y1 + up.y, y1 + down.y)
  box.bottom = Math.max(box.bottom, y0 + up.y, y0 + down.y, y1 + up.y, y1 + down.y)
}

function toTurn({ x, y }: Vector): PlacedWord['turn'] {
  if (Math.abs(x) >= Math.abs(y)) return x >= 0 ? 0 : 2
  return y > 0 ? 1 : 3
}

type Frame = Pick<PlacedWord, 'u0' | 'u1' | 'v0' | 'v1' | 'baseline'>

function toFrame({ left, top, right, bottom }: Extent, turn: PlacedWord['turn'], { x0, y0 }: Glyph): Frame {
  if (turn === 0) return { u0: left, u1: right, v0: top, v1: bottom, baseline: y0 }
  if (turn === 2) return { u0: -right, u1: -left, v0: -bottom, v1: -top, baseline: -y0 }
  if (turn === 1) return { u0: top, u1: bottom, v0: -right, v1: -left, baseline: -x0 }
  return { u0: -bottom, u1: -top, v0: left, v1: right, baseline: x0 }
}
