import { parse } from 'csv-parse/sync'
import { sniffDelimiter } from './csv.delimiter.ts'
import { Unread } from './failure.ts'
import type { Paragraph } from './virtual.ts'

const MAX_ROWS = 60_000
const ROWS_TOGETHER = 10

/**
 * Reads a table written as text (parted by ; , tab or |). With a header row each row says what its cells are (`Client : Durand ; Total : 12,50`),
 * so that a row found by search is understood without the header; else cells are parted by tabs. Throws Unread.
 */
export function toTableParagraphs(text: string): Paragraph[] {
  const rows = parseRows(text)
  const [header, ...body] = rows
  if (!header) return []
  const lines = isHeader(header, body)
    ? [header.join('\t'), ...body.map((row) => label(row, header))]
    : rows.map((row) => row.join('\t'))
  return Array.from({ length: Math.ceil(lines.length / ROWS_TOGETHER) }, (_, index) => ({
    text: lines.slice(index * ROWS_TOGETHER, (index + 1) * ROWS_TOGETHER).join('\n'),
  }))
}

function parseRows(text: string): string[][] {
  const delimiter = sniffDelimiter(text)?.delimiter ?? ','
  const options = {
    delimiter,
    bom: true,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    trim: true,
    to: MAX_ROWS,
    quote: '"',
  }
  try {
    const rows: string[][] = parse(text, options)
    return rows.map((row) => row.map((cell) => cell.replaceAll(/\s+/g, ' ')))
  } catch (error) {
    throw new Unread('UNREADABLE', `the table is damaged: ${error instanceof Error ? error.message : String(error)}`)
  }
}

/** A header names every column, differently, without figures, and the rows below hold something. */
function isHeader(header: string[], body: string[][]): boolean {
  const names = header.filter((name) => name !== '' && !/^[\d\s.,€%/:-]+$/.test(name))
  return body.length > 0 && header.length > 1 && names.length === header.length && new Set(names).size === names.length
}

function label(row: string[], header: string[]): string {
  return row
    .map((cell, index) => (cell === '' ? '' : `${header[index] ?? index + 1} : ${cell}`))
    .filter((cell) => cell !== '')
    .join(' ; ')
}
