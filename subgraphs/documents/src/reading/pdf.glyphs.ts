import { OPS } from 'pdfjs-dist/legacy/build/pdf.mjs'
import { multiply, type Matrix } from './matrix.ts'
import type { Painted, Painter } from './pdf.painter.ts'
import { showText } from './pdf.text.ts'

/** The part of a pdfjs operator list this reads. */
export interface Operators {
  fnArray: number[]
  argsArray: unknown[]
}

const IDENTITY: Matrix = [1, 0, 0, 1, 0, 0]
const MAX_CHARACTERS = 400_000

/**
 * Follows the painting operators of a page as a renderer would and gives each character, in paint order, with where it lands. Exact
 * where splitting a run of text by its length is not: proportional fonts, kerning, letter and word spacing.
 * @param options.page from the PDF's user space to the page as shown (origin top left); `area` is that of the page.
 */
export function paintGlyphs(
  operators: Operators,
  options: Pick<Painter, 'page' | 'area' | 'findFont' | 'add'>,
): Painted {
  const painter: Painter = {
    ...options,
    state: { ctm: IDENTITY, font: {}, size: 0, charSpacing: 0, wordSpacing: 0, scale: 1, leading: 0, rise: 0 },
    stack: [],
    text: IDENTITY,
    lineX: 0,
    lineY: 0,
    x: 0,
    y: 0,
    out: { characters: 0, imageShare: 0, paths: 0 },
  }
  for (let i = 0; i < operators.fnArray.length && painter.out.characters < MAX_CHARACTERS; i++) {
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
  const positions = args.find((arg) => ArrayBuffer.isView(arg) || (Array.isArray(arg) && arg.length > 1)) as
    | ArrayLike<number>
    | undefined
  const [sx, sy] = args.filter((arg) => typeof arg === 'number')
  for (let i = 0; i < (positions?.length ?? 0) / 2; i++)
    addImage(p, multiply(p.page, multiply(p.state.ctm, [sx ?? 1, 0, 0, sy ?? 1, 0, 0])))
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
  [
    OPS.beginAnnotation,
    (p, args) => (save(p, args), (p.state.ctm = IDENTITY), transform(p, args[2]), transform(p, args[3])),
  ],
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

function addImage(p: Painter, [a, b, c, d]: Matrix): void {
  const share = Math.abs(a * d - b * c) / p.area
  if (Number.isFinite(share)) p.out.imageShare += share
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
