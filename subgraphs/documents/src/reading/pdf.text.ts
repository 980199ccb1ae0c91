import { multiply, type Matrix } from './matrix.ts'
import type { Lie, Painter, PdfGlyph, State, Vector } from './pdf.painter.ts'

/** Paints the characters of one show operator (`items` are characters and, as numbers, adjustments) and moves on past them. */
export function showText(p: Painter, items: unknown[]): void {
  const { font, size, scale } = p.state
  const measure = toMeasure(p, items)
  for (const item of items) {
    if (isGlyph(item)) (font.vertical ? showBelow : showBeside)(p, item, measure)
    else if (font.vertical) p.y -= (Number(item) * size) / 1000
    else p.x -= (Number(item) * size * scale) / 1000
  }
}

/** What is the same for all characters of a show operator. */
interface Measure {
  /** From text space to the page. */
  matrix: Matrix
  /** Text space per unit of a character's width. */
  em: number
  lie: Lie
}

function toMeasure(p: Painter, items: unknown[]): Measure {
  const { font, size, scale } = p.state
  const height = font.isType3Font ? typeThreeHeight(p.state, items.filter(isGlyph)) : size
  const matrix = multiply(p.page, multiply(p.state.ctm, p.text))
  const em = size * (font.fontMatrix?.[0] ?? 0.001)
  const half = em * 500
  // Of a font that is not in the file the ascent is that of its small letters, without the accents of capitals.
  const ascent = clamp(Math.max(font.ascent || 0.95, font.missingFile ? 0.9 : 0), 0.5, 1.05) * height
  const descent = clamp(font.descent || -0.35, -0.4, -0.05) * height
  const forward = toVector(matrix, font.vertical ? [0, -1] : [em * scale, 0])
  const length = Math.hypot(forward.x, forward.y)
  const lie = {
    size: Math.hypot(matrix[2] * height, matrix[3] * height),
    along: { x: forward.x / length, y: forward.y / length },
    // Vertical writing has its baseline down the middle of the characters.
    up: toVector(matrix, font.vertical ? [half, 0] : [0, ascent]),
    down: toVector(matrix, font.vertical ? [-half, 0] : [0, descent]),
  }
  return { matrix, em, lie }
}

function showBeside(p: Painter, glyph: PdfGlyph, measure: Measure): void {
  const { scale, rise } = p.state
  const width = glyph.width * measure.em * scale
  const step = width + spacingOf(p.state, glyph) * scale
  push(p, glyph, { measure, x: p.x, y: p.y + rise, endX: width, endY: 0, nextX: step, nextY: 0 })
  p.x += step
}

function showBelow(p: Painter, glyph: PdfGlyph, measure: Measure): void {
  const length = -(glyph.vmetric?.[0] ?? -1000) * measure.em
  const step = length + spacingOf(p.state, glyph)
  push(p, glyph, { measure, x: p.x, y: p.y, endX: 0, endY: -length, nextX: 0, nextY: -step })
  p.y -= step
}

function spacingOf({ charSpacing, wordSpacing }: State, glyph: PdfGlyph): number {
  return charSpacing + (glyph.isSpace ? wordSpacing : 0)
}

/** A character in text space: where it starts, and from there its end and where the next one is expected. */
interface Placed {
  measure: Measure
  x: number
  y: number
  endX: number
  endY: number
  nextX: number
  nextY: number
}

function push(p: Painter, { unicode }: PdfGlyph, { measure, x, y, endX, endY, nextX, nextY }: Placed): void {
  const [a, b, c, d, e, f] = measure.matrix
  const { lie } = measure
  const x0 = a * x + c * y + e
  const y0 = b * x + d * y + f
  if (!Number.isFinite(x0 + y0 + endX + endY + lie.size + lie.along.x) || lie.size === 0) return
  p.out.characters += 1
  p.add({
    text: unicode,
    space: isSpace(unicode),
    x0,
    y0,
    x1: x0 + a * endX + c * endY,
    y1: y0 + b * endX + d * endY,
    nextX: x0 + a * nextX + c * nextY,
    nextY: y0 + b * nextX + d * nextY,
    lie,
  })
}

/** Every letter of a document comes by here, so the usual ones are told without a pattern. */
function isSpace(text: string): boolean {
  const code = text.charCodeAt(0)
  return code > 0x20 && code < 0x7f ? false : /^[\s\u00a0\u200b]*$/.test(text)
}

function toVector([a, b, c, d]: Matrix, [x, y]: [number, number]): Vector {
  return { x: a * x + c * y, y: b * x + d * y }
}

/** A Type 3 font draws in units of its own: its box says how tall its letters are, else letters are about twice as tall as wide. */
function typeThreeHeight({ font, size }: State, glyphs: PdfGlyph[]): number {
  const unit = size * (font.fontMatrix?.[3] ?? 0.001)
  const [, bottom = 0, , top = 0] = font.bbox ?? []
  const widths = glyphs.map((glyph) => Math.abs(glyph.width)).filter((width) => width > 0)
  const width = widths.reduce((sum, one) => sum + one, 0) / Math.max(1, widths.length)
  const tall = Math.abs(top - bottom)
  return unit * (tall > width * 0.7 && tall < width * 6 ? tall : width * 2 || 1)
}

function isGlyph(item: unknown): item is PdfGlyph {
  return item !== null && typeof item === 'object'
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value))
}
