import type { Matrix } from './matrix.ts'

/** A way on the page. */
export interface Vector {
  x: number
  y: number
}

/** How characters that were shown together lie on the page. */
export interface Lie {
  /** The em. */
  size: number
  /** The direction of reading, of length 1. */
  along: Vector
  /** From the baseline to where the font's ascent and descent are. */
  up: Vector
  down: Vector
}

/** A painted character: its baseline from (x0, y0) to (x1, y1), and where the next one is expected, past the letter spacing. */
export interface Glyph {
  text: string
  space: boolean
  x0: number
  y0: number
  x1: number
  y1: number
  nextX: number
  nextY: number
  lie: Lie
}

/** What a page paints beside text: the share of it under images (may pass 1), how many paths; and how many characters. */
export interface Painted {
  characters: number
  imageShare: number
  paths: number
}

/** What is used of a pdfjs font. */
export interface Font {
  missingFile?: boolean
  ascent?: number
  descent?: number
  vertical?: boolean
  fontMatrix?: number[]
  bbox?: number[]
  isType3Font?: boolean
}

/** The graphics state that save and restore keep, as far as text needs it. */
export interface State {
  ctm: Matrix
  font: Font
  size: number
  charSpacing: number
  wordSpacing: number
  scale: number
  leading: number
  rise: number
}

/** A character of a shown text, as pdfjs gives it; widths are thousandths of the font size. */
export interface PdfGlyph {
  unicode: string
  width: number
  isSpace: boolean
  vmetric?: number[]
}

/** Where painting is: the state, the text position (x, y in text space), and what was painted so far. */
export interface Painter {
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
  add: (glyph: Glyph) => void
  area: number
}
