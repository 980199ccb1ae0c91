import { OPS } from 'pdfjs-dist/legacy/build/pdf.mjs'
import { multiply, type Matrix } from './matrix.ts'

/** A painted character: baseline from (x0, y0) to (x1, y1), `up` and `down` are where the font's ascent and descent are, all on the page. */
export interface Glyph {
  text: string
  x0: number
  y0: number
  x1: number
  y1: number
  /** Vector from the baseline to the top and to the bottom of the letters. */
  up: { x: number; y: number }
  down: { x: number; y: number }
  /** From descent to ascent, on the page; about the em. */
  size: number
  /** Where the next character is expected, along the baseline, past the letter spacing. */
  nextX: number
  nextY: number
  space: boolean
}

/** What a page paints: characters in paint order, the share of the page under images (may pass 1), and how many paths. */
export interface Painted {
  glyphs: Glyph[]
  imageShare: number
  paths: number
}

/** The part of a pdfjs operator list this reads. */
export interface Operators {
  fnArray: number[]
  argsArray: unknown[]
}

interface Font {
  ascent?: number
  descent?: number
  vertical?: boolean
  fontMatrix?: number[]
  bbox?: number[]
  isType3Font?: boolean
}

interface State {
  ctm: Matrix
  font: Font
  size: number
  charSpacing: number
  wordSpacing: number
  scale: number
  leading: number
  rise: number
}

interface PdfGlyph {
  unicode: string
  width: number
  isSpace: boolean
  vmetric?: number[]
}

interface Painter {
  state: State
  stack: State[]
  text: Matrix
  lineX: number
  lineY: number
  x: number
  y: number
  page: Matrix
  findFont: (name: string) => Font | undefined
  out: Painted
  area: number
}

const IDENTITY: Matrix = [1, 0, 0, 1, 0, 0]
const MAX_GLYPHS = 400_000

/**
 * Follows the painting operators of a page as a renderer would and notes where each character lands. Exact where splitting a
 * run of text by its length is not: proportional fonts, kerning, letter and word spacing.
 * @param page from the PDF's user space to the page as shown (origin top left).
 */
export function paintGlyphs(operators: Operators, options: { page: Matrix; area: number; findFont: Painter['findFont'] }): Painted {
  const painter: Painter = {
    state: { ctm: IDENTITY, font: {}, size: 0, charSpacing: 0, wordSpacing: 0, scale: 1, leading: 0, rise: 0 },
    stack: [],
    text: IDENTITY,
    lineX: 0,
    lineY: 0,
    x: 0,
    y: 0,
    page: options.page,
    findFont: options.findFont,
    out: { glyphs: [], imageShare: 0, paths: 0 },
    area: options.area,
  }
  for (let i = 0; i < operators.fnArray.length && painter.out.glyphs.length < MAX_GLYPHS; i++) {
    const args = operators.argsArray[i]
    handlers.get(operators.fnArray[i] ?? -1)?.(painter, Array.isArray(args) ? args : [])
  }
  return painter.out
}

type Handler = (painter: Painter, args: unknown[]) => void

const save: Handler = (p) => p.stack.push({ ...p.state })
const restore: Handler = (p) => {
  p.state = p.stack.pop() ?? p.state
}
const moveTo = (p: Painter, x: number, y: number): void => {
  p.x = p.lineX = x
  p.y = p.lineY = y
}
const move = (p: Painter, dx: number, dy: number): void => moveTo(p, p.lineX + dx, p.lineY + dy)
const transform = (p: Painter, matrix: unknown): void => {
  if (isMatrix(matrix)) p.state.ctm = multiply(p.state.ctm, matrix)
}
const setFont: Handler = (p, [name, size]) => {
  p.state.font = p.findFont(String(name)) ?? {}
  p.state.size = Number(size)
}
const image: Handler = (p) => addImage(p, multiply(p.page, p.state.ctm))
const images: Handler = (p, args) => {
  const positions = args.find((arg) => ArrayBuffer.isView(arg) || (Array.isArray(arg) && arg.length > 1)) as ArrayLike<number> | undefined
  const [sx, sy] = args.filter((arg) => typeof arg === 'number')
  for (let i = 0; i < (positions?.length ?? 0) / 2; i++) addImage(p, multiply(p.page, multiply(p.state.ctm, [sx ?? 1, 0, 0, sy ?? 1, 0, 0])))
}
const imageGroup: Handler = (p, args) => {
  for (const item of args.flat()) {
    const matrix = (item as { transform?: unknown } | null)?.transform
    if (isMatrix(matrix)) addImage(p, multiply(p.page, multiply(p.state.ctm, matrix)))
  }
}

const handlers = new Map<number, Handler>([
  [OPS.save, save],
  [OPS.restore, restore],
  [OPS.transform, (p, args) => transform(p, args)],
  [OPS.paintFormXObjectBegin, (p, args) => (save(p, args), transform(p, args[0]))],
  [OPS.paintFormXObjectEnd, restore],
  [OPS.beginAnnotation, (p, args) => (save(p, args), (p.state.ctm = IDENTITY), transform(p, args[2]), transform(p, args[3]))],
  [OPS.endAnnotation, restore],
  [OPS.beginText, (p) => ((p.text = IDENTITY), moveTo(p, 0, 0))],
  [OPS.setTextMatrix, (p, args) => ((p.text = toMatrix(args)), moveTo(p, 0, 0))],
  [OPS.moveText, (p, [x, y]) => move(p, Number(x), Number(y))],
  [OPS.setLeadingMoveText, (p, [x, y]) => ((p.state.leading = -Number(y)), move(p, Number(x), Number(y)))],
  [OPS.nextLine, (p) => move(p, 0, -p.state.leading)],
  [OPS.setLeading, (p, [leading]) => (p.state.leading = Number(leading))],
  [OPS.setCharSpacing, (p, [spacing]) => (p.state.charSpacing = Number(spacing))],
  [OPS.setWordSpacing, (p, [spacing]) => (p.state.wordSpacing = Number(spacing))],
  [OPS.setHScale, (p, [scale]) => (p.state.scale = Number(scale) / 100)],
  [OPS.setTextRise, (p, [rise]) => (p.state.rise = Number(rise))],
  [OPS.setFont, setFont],
  [OPS.setGState, (p, [states]) => setGraphicsState(p, states)],
  [OPS.showText, (p, [glyphs]) => showText(p, Array.isArray(glyphs) ? glyphs : [])],
  [OPS.constructPath, (p) => (p.out.paths += 1)],
  [OPS.paintImageXObject, image],
  [OPS.paintInlineImageXObject, image],
  [OPS.paintImageMaskXObject, image],
  [OPS.paintImageXObjectRepeat, images],
  [OPS.paintImageMaskXObjectRepeat, images],
  [OPS.paintImageMaskXObjectGroup, imageGroup],
  [OPS.paintInlineImageXObjectGroup, imageGroup],
])

function setGraphicsState(p: Painter, states: unknown): void {
  for (const entry of Array.isArray(states) ? states : []) {
    if (Array.isArray(entry) && entry[0] === 'Font' && Array.isArray(entry[1])) setFont(p, entry[1])
  }
}

function showText(p: Painter, items: unknown[]): void {
  const { font, size, scale } = p.state
  const glyphs = items.filter((item): item is PdfGlyph => item !== null && typeof item === 'object')
  const height = font.isType3Font ? typeThreeHeight(p.state, glyphs) : size
  const em = size * (font.fontMatrix?.[0] ?? 0.001)
  for (const item of items) {
    if (typeof item === 'number') advance(p, font.vertical ? { down: (item * size) / 1000 } : { along: (-item * size * scale) / 1000 })
    else if (item !== null && typeof item === 'object') showGlyph(p, item as PdfGlyph, { em, height })
  }
}

function advance(p: Painter, by: { along?: number; down?: number }): void {
  p.x += by.along ?? 0
  p.y -= by.down ?? 0
}

function showGlyph(p: Painter, glyph: PdfGlyph, { em, height }: { em: number; height: number }): void {
  const { font, scale, charSpacing, wordSpacing, rise, ctm } = p.state
  const matrix = multiply(p.page, multiply(ctm, p.text))
  const spacing = charSpacing + (glyph.isSpace ? wordSpacing : 0)
  const at = (x: number, y: number) => ({ x: matrix[0] * x + matrix[2] * y + matrix[4], y: matrix[1] * x + matrix[3] * y + matrix[5] })
  const along = (x: number, y: number) => ({ x: matrix[0] * x + matrix[2] * y, y: matrix[1] * x + matrix[3] * y })
  if (font.vertical) {
    const length = -(glyph.vmetric?.[0] ?? -1000) * em
    const half = (glyph.width * em) / 2
    push(p, { glyph, start: at(p.x, p.y), end: at(p.x, p.y - length), up: along(half, 0), down: along(-half, 0), next: at(p.x, p.y - length - spacing) })
    return advance(p, { down: length + spacing })
  }
  const width = glyph.width * em * scale
  const y = p.y + rise
  const up = along(0, clamp(font.ascent, 0.5, 1.05, 0.95) * height)
  const down = along(0, clamp(font.descent, -0.4, -0.05, -0.35) * height)
  push(p, { glyph, start: at(p.x, y), end: at(p.x + width, y), up, down, next: at(p.x + width + spacing * scale, y) })
  advance(p, { along: width + spacing * scale })
}

interface Point {
  x: number
  y: number
}

function push(p: Painter, { glyph, start, end, up, down, next }: { glyph: PdfGlyph; start: Point; end: Point; up: Point; down: Point; next: Point }): void {
  const size = Math.hypot(up.x - down.x, up.y - down.y)
  if (!Number.isFinite(start.x + start.y + end.x + end.y + size) || size === 0) return
  const text = glyph.unicode ?? ''
  const space = /^[\s\u00a0\u200b]*$/.test(text)
  p.out.glyphs.push({ text, x0: start.x, y0: start.y, x1: end.x, y1: end.y, up, down, size, nextX: next.x, nextY: next.y, space })
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

function addImage(p: Painter, [a, b, c, d]: Matrix): void {
  const share = Math.abs(a * d - b * c) / p.area
  if (Number.isFinite(share)) p.out.imageShare += share
}

function clamp(value: number | undefined, low: number, high: number, otherwise: number): number {
  return value ? Math.min(high, Math.max(low, value)) : otherwise
}

function isMatrix(value: unknown): value is Matrix {
  const numbers = value as ArrayLike<unknown> | null | undefined
  return numbers?.length === 6 && typeof numbers[0] === 'number'
}

function toMatrix(args: unknown[]): Matrix {
  const [first] = args
  if (isMatrix(first)) return first
  return isMatrix(args) ? args : IDENTITY
}
