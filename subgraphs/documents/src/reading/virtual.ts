import { Unread } from './failure.ts'
import { composePage, type LaidLine, type ReadPage } from './page.ts'

/** A paragraph of a text without pages: its lines are kept (`\n`), wrapping is ours. */
export interface Paragraph {
  text: string
  heading?: number
}

const WIDTH = 595
const HEIGHT = 842
const MARGIN = 50
const COLUMNS = 90
const ROWS = 56
const CELL = (WIDTH - 2 * MARGIN) / COLUMNS
const LINE = (HEIGHT - 2 * MARGIN) / ROWS

/** More than this cannot stand on a page, even when half of it is white space. */
const MOST_CHARACTERS = 2 * COLUMNS * ROWS

interface Sheet {
  lines: LaidLine[]
  row: number
}

/**
 * Sets paragraphs on A4 pages in a letter of fixed width, so that a text without pages has pages, words and boxes like any other:
 * about 3,000 characters a page, broken between paragraphs where that leaves no large hole. Throws Unread (TOO_MANY_PAGES).
 */
export function paginate(paragraphs: Paragraph[], maxPages: number): ReadPage[] {
  const pages: ReadPage[] = []
  const characters = paragraphs.reduce((sum, { text }) => sum + text.length, 0)
  if (characters > maxPages * MOST_CHARACTERS) throw tooMany(maxPages)
  let sheet: Sheet = { lines: [], row: 0 }
  const turnPage = (): void => {
    if (pages.length === maxPages) throw tooMany(maxPages)
    pages.push(toPage(sheet, pages.length + 1))
    sheet = { lines: [], row: 0 }
  }
  for (const [block, { text, heading }] of paragraphs.entries()) {
    const rows = text.split('\n').flatMap(wrap)
    if (sheet.row > 0 && !fits(sheet, rows.length)) turnPage()
    for (const words of rows) {
      if (sheet.row >= ROWS) turnPage()
      const { row, lines } = sheet
      if (words.length > 0) lines.push({ words: words.map((word) => place(word, row)), block, heading })
      sheet.row += 1
    }
    sheet.row += 1
  }
  if (sheet.lines.length > 0) turnPage()
  return pages
}

function tooMany(maxPages: number): Unread {
  return new Unread('TOO_MANY_PAGES', `more than ${maxPages} pages`)
}

/** A short paragraph is not parted, and none begins on the last rows of a page. */
function fits({ row }: Sheet, needed: number): boolean {
  return row + needed <= ROWS || (needed > ROWS / 3 && row <= ROWS * 0.9)
}

function toPage({ lines }: Sheet, number: number): ReadPage {
  return { number, width: WIDTH, height: HEIGHT, recognized: false, ...composePage(lines) }
}

interface Wrapped {
  text: string
  column: number
  wide?: boolean
}

/** Breaks a line into rows of words with their column; a word longer than a row is cut. A tab is a wide gap. */
function wrap(line: string): Wrapped[][] {
  const rows: Wrapped[][] = [[]]
  let column = 0
  for (const [, gap = '', piece = ''] of line.matchAll(/(\s*)(\S+)/g)) {
    const wide = gap.includes('\t')
    if (wide) column += 2
    for (let rest = piece; rest !== ''; rest = rest.slice(COLUMNS)) {
      const text = rest.slice(0, COLUMNS)
      if (column + text.length > COLUMNS) {
        rows.push([])
        column = 0
      }
      rows.at(-1)?.push({ text, column, wide })
      column += text.length + 1
    }
  }
  return rows
}

/** How many words a text gives on its pages. */
export function piecesOf(text: string): number {
  return (text.match(/\S+/g) ?? []).reduce((sum, word) => sum + Math.ceil(word.length / COLUMNS), 0)
}

function place({ text, column, wide = false }: Wrapped, row: number): LaidLine['words'][number] {
  const box = {
    x: (MARGIN + column * CELL) / WIDTH,
    y: (MARGIN + (row + 0.15) * LINE) / HEIGHT,
    width: (text.length * CELL) / WIDTH,
    height: (LINE * 0.8) / HEIGHT,
  }
  return { text, wide, box: { x: round(box.x), y: round(box.y), width: round(box.width), height: round(box.height) } }
}

function round(value: number): number {
  return Math.round(value * 1e5) / 1e5
}
