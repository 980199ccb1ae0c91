import { countPassing } from '../chunking/sorted.ts'

/** A cell of a page's text: what stands between tabs on one line. Offsets are in the text of the page. */
export interface Cell {
  text: string
  start: number
  end: number
  /** Counts the lines that are not empty, from 0. */
  row: number
  column: number
}

/** The cells of a page, row by row, and the way from one to the next below it. */
export interface Sheet {
  cells: Cell[]
  /** The cell under this one: same column, or the last of a shorter row. */
  below(cell: Cell): Cell | undefined
  /** The cell under this one in a row of as many cells, as in a table. */
  under(cell: Cell): Cell | undefined
  /** The cell to the right on the same line. */
  beside(cell: Cell): Cell | undefined
  /** The cell that holds `offset`. */
  at(offset: number): Cell | undefined
}

/** Cuts the text of a page into its cells. */
export function toSheet(text: string): Sheet {
  const cells: Cell[] = []
  const rows: Cell[][] = []
  let start = 0
  for (const line of text.split('\n')) {
    if (line.trim()) rows.push(addRow(line, { start, row: rows.length, cells }))
    start += line.length + 1
  }
  return {
    cells,
    below: (cell) => {
      const row = rows[cell.row + 1]
      return row?.[Math.min(cell.column, row.length - 1)]
    },
    under: (cell) => {
      const row = rows[cell.row + 1]
      return row?.length === rows[cell.row]?.length ? row?.[cell.column] : undefined
    },
    beside: (cell) => rows[cell.row]?.[cell.column + 1],
    at: (offset) => cells[countPassing(cells, (cell) => cell.start <= offset) - 1],
  }
}

function addRow(line: string, { start, row, cells }: { start: number; row: number; cells: Cell[] }): Cell[] {
  const added: Cell[] = []
  let offset = start
  for (const part of line.split('\t')) {
    const text = part.trim()
    const from = offset + part.indexOf(text)
    if (text) added.push({ text, start: from, end: from + text.length, row, column: added.length })
    offset += part.length + 1
  }
  for (const cell of added) cells.push(cell)
  return added
}
