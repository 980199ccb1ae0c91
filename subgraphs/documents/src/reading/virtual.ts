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

interface Sheet {
  lines: LaidLine[]
  row: number
}

/**
 * Sets paragraphs on A4 pages in a letter of fixed width, so that a text without pages has pages, words and boxes like any other:
 * about 3,000 characters a page, broken between paragraphs where that leaves no large hole. Stops after `maxPages` + 1.
 */
export function paginate(paragraphs: Iterable<Paragraph>, maxPages: number): ReadPage[] {
  const pages: ReadPage[] = []
  let sheet: Sheet = { lines: [], row: 0 }
  let block = 0
  const turnPage = (): void => {
    pages.push({
      number: pages.length + 1,
      width: WIDTH,
      height: HEIGHT,
      recognized: false,
      ...composePage(sheet.lines),
    })
    sheet = { lines: [], row: 0 }
  }
  for (const { text, heading } of paragraphs) {
    const lines = text.split('\n').map(wrap).flat()
    const needed = lines.length
    if (sheet.row > 0 && sheet.row + needed > ROWS && (needed <= ROWS / 3 || sheet.row > ROWS * 0.9)) turnPage()
    for (const words of lines) {
      if (sheet.row >= ROWS) turnPage()
      if (pages.length > maxPages) return pages
      if (words.length > 0)
        sheet.lines.push({
          words: words.map((word) => place(word, sheet.row)),
          block,
          ...(heading !== undefined && { heading }),
        })
      sheet.row += 1
    }
    sheet.row += 1
    block += 1
  }
  if (sheet.lines.length > 0) turnPage()
  return pages
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
