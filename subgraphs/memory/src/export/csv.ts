import { edgeProperties, nodeProperties, type ExportGraph } from './items.ts'

type Cell = string | number | readonly string[] | null | undefined

/** The nodes as a table (RFC 4180, UTF-8 with its mark so that spreadsheets read accents). */
export async function* toNodesCsv({ nodes }: ExportGraph): AsyncIterable<string> {
  yield `\ufeff${toLine(['id', 'label', ...nodeProperties])}`
  for await (const page of nodes())
    yield page
      .map(({ id, label, properties }) => toLine([id, label, ...nodeProperties.map((name) => properties[name])]))
      .join('')
}

/** The lines as a table; `from` and `to` are ids of the nodes. */
export async function* toEdgesCsv({ edges }: ExportGraph): AsyncIterable<string> {
  yield `\ufeff${toLine(['from', 'to', 'label', 'type', ...edgeProperties])}`
  for await (const page of edges())
    yield page
      .map(({ from, to, label, type, properties }) =>
        toLine([from, to, label, type, ...edgeProperties.map((name) => properties[name])]),
      )
      .join('')
}

function toLine(cells: readonly Cell[]): string {
  return `${cells.map(toCell).join(',')}\r\n`
}

/**
 * A cell. A text that a spreadsheet would take for a formula (it begins with = + - @, a tab or a line end) gets an apostrophe in front, which
 * spreadsheets take as "this is text".
 */
function toCell(value: Cell): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'number') return String(value)
  const text = typeof value === 'string' ? value : value.join(' | ')
  const harmless = /^[=+\-@\t\r\n]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless
}
