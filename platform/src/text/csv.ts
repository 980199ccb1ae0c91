type CsvCell = string | number | readonly string[] | null | undefined

/**
 * A line of a table (RFC 4180), its end included. A text that a spreadsheet would take for a formula (it begins with = + - @, a tab or a line end) gets an
 * apostrophe in front, which spreadsheets take as "this is text"; a list is one cell.
 */
export function toCsvLine(cells: readonly CsvCell[]): string {
  return `${cells.map(toCell).join(',')}\r\n`
}

function toCell(value: CsvCell): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'number') return String(value)
  const text = typeof value === 'string' ? value : value.join(' | ')
  const harmless = /^[=+\-@\t\r\n]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless
}
