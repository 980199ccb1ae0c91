/** The delimiter of a table written as text, and whether that is certain without being told that it is a table. */
export interface Delimiter {
  delimiter: string
  certain: boolean
}

/** Finds the character that parts most lines into the same number of cells. */
export function sniffDelimiter(text: string): Delimiter | undefined {
  const lines = text
    .slice(0, 20_000)
    .split(/\r?\n/)
    .slice(0, 50)
    .filter((line) => line.trim() !== '')
  const found = [';', '\t', ',', '|'].map((delimiter) => ({ delimiter, ...regularity(lines, delimiter) }))
  const best = found.reduce((a, b) => (b.share * Math.min(b.cells, 4) > a.share * Math.min(a.cells, 4) ? b : a))
  if (best.cells < 2) return undefined
  return {
    delimiter: best.delimiter,
    certain: best.delimiter !== ',' && lines.length >= 3 && best.cells >= 3 && best.share > 0.9,
  }
}

/** The most common number of cells (at least 2) and the share of lines that have it. */
function regularity(lines: string[], delimiter: string): { cells: number; share: number } {
  const counts = new Map<number, number>()
  for (const line of lines) {
    const cells = line.replaceAll(/"[^"]*"/g, '').split(delimiter).length
    if (cells > 1) counts.set(cells, (counts.get(cells) ?? 0) + 1)
  }
  const [cells, count] = [...counts].reduce((best, entry) => (entry[1] > best[1] ? entry : best), [0, 0])
  return { cells, share: count / Math.max(1, lines.length) }
}
