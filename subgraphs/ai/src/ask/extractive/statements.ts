import { sentences } from '@passerelle/platform/text'

/** A stretch of a passage's text. */
export interface Span {
  start: number
  end: number
}

/** Something a passage says that can be quoted: a sentence, a line, a label with its value, a row of a table. */
export interface Statement {
  /** What is quoted, in the order in which it is said; a label and its value may stand apart. */
  spans: Span[]
  /** What tells what it is about: heading, heads of the columns, sentences beside it. */
  near: Span[]
  /** How many lines or sentences it takes. */
  size: number
  /** How little it says by itself, 0 to 1: a heading names what others say, a label needs its value. */
  bare: number
}

interface Line extends Span {
  cells: Span[]
  prose: boolean
  /** Lines of one block follow each other without an empty one. */
  block: number
}

const mostValueLines = 4
const longestLabel = 70
const mostRows = 40

/** Everything that a text says and that can be quoted, in every form in which it may answer. */
export function statementsOf(text: string): Statement[] {
  const lines = toLines(text)
  const all = lines.flatMap((line, index): Statement[] => {
    if (line.prose) return [toSentence(lines, index)]
    const near = nearOf(lines, index)
    const whole = { spans: [span(line)], near, size: 1, bare: barenessOf(lines, index) }
    return [
      whole,
      ...toCells(text, line, near),
      ...toColumns(text, { lines, index }),
      ...toStacks(text, { lines, index }),
    ]
  })
  return all.filter(({ spans }) => !/:\s*$/.test(text.slice(spans.at(-1)?.start, spans.at(-1)?.end)))
}

/** Sentences, and the lines of what is not written in sentences. */
function toLines(text: string): Line[] {
  const lines: Line[] = []
  let block = 0
  let end = 0
  for (const sentence of sentences(text)) {
    if (/\n\s*\n/.test(text.slice(end, sentence.start))) block++
    end = sentence.end
    const parts = sentence.text.includes('\t') ? splitAt(text, sentence, '\n') : [sentence]
    for (const part of parts)
      lines.push({
        start: part.start,
        end: part.end,
        cells: splitAt(text, part, '\t'),
        prose: isProse(text, part),
        block,
      })
  }
  return lines
}

function splitAt(text: string, { start, end }: Span, sign: string): Span[] {
  const parts: Span[] = []
  for (let from = start; from <= end;) {
    const at = text.indexOf(sign, from)
    const until = at < 0 || at > end ? end : at
    const part = text.slice(from, until)
    if (part.trim() !== '')
      parts.push({ start: from + part.length - part.trimStart().length, end: from + part.trimEnd().length })
    from = until + 1
  }
  return parts
}

function isProse(text: string, { start, end }: Span): boolean {
  const words = text.slice(start, end)
  return !words.includes('\t') && (/[.!?…]["»”)]?$/.test(words) ? words.length > 12 : words.length > 90)
}

function span({ start, end }: Span): Span {
  return { start, end }
}

/** A sentence is about its heading and goes on from the one before it. */
function toSentence(lines: readonly Line[], index: number): Statement {
  const line = lines[index] as Line
  const before = lines[index - 1]
  const near: Span[] = []
  if (before?.prose && before.block === line.block) near.push(span(before))
  const heading = headingOf(lines, index)
  if (heading) near.push(span(heading))
  return { spans: [span(line)], near, size: 1, bare: 0 }
}

/** The nearest line above that is no sentence and stands before sentences. */
function headingOf(lines: readonly Line[], index: number): Line | null {
  for (let at = index - 1; at >= 0 && at > index - 12; at--) {
    const line = lines[at]
    if (line && !line.prose) return lines[at + 1]?.prose && line.cells.length === 1 ? line : null
  }
  return null
}

/** A line is about the line above it in its block, or about the single line that stands above its block. */
function nearOf(lines: readonly Line[], index: number): Span[] {
  const line = lines[index] as Line
  const before = lines[index - 1]
  if (!before || before.prose) return []
  if (before.block === line.block) return [span(before)]
  return lines[index - 2]?.block === before.block ? [] : [span(before)]
}

/** A line of its own above sentences is their heading, above other lines their label. */
function barenessOf(lines: readonly Line[], index: number): number {
  const line = lines[index] as Line
  const next = lines[index + 1]
  if (line.cells.length > 1 || !next) return 0
  if (next.prose) return 1
  return next.block !== line.block && lines[index - 1]?.block !== line.block ? 0.5 : 0
}

/** A line with many cells also says what each of them, and each two of them, say. */
function toCells(text: string, { cells }: Line, near: Span[]): Statement[] {
  if (cells.length < 2) return []
  const single = cells
    .filter((cell, index) => !cells[index + 1] || /\d/.test(text.slice(cell.start, cell.end)))
    .map((cell) => ({ spans: [cell], near, size: 1, bare: 0.3 }))
  const pairs = cells
    .slice(1)
    .map((cell, index) => ({ spans: [cells[index] as Span, cell], near, size: 1, bare: 0 }))
    .filter((_pair, index) => !labelled.test(text.slice(cells[index + 1]?.start, cells[index + 1]?.end)))
  return cells.length > 2 ? [...single, ...pairs] : single
}

/** The boxes of a form are numbered: what stands in one is no label of another. */
const numbered = /^\d{1,2}(?:-\d{1,2})? \p{Lu}/u

/** What has a label of its own is not the value of the label before it. */
const labelled = /^(?:t[ée]l|fax|n°|siret|siren|rcs|tva|iban|e-?mail|date|[^:\t\n]{2,30} ?:)/i

function isLabel(text: string, { start, end }: Span): boolean {
  const words = text.slice(start, end)
  return words.length <= longestLabel && /\p{L}{2}/u.test(words) && !/[.!?]$/.test(words.replace(/\b\p{L}\.$/u, ''))
}

interface Place {
  lines: readonly Line[]
  index: number
}

/** Heads of columns with the cells below them, cell by cell and row by row. */
function toColumns(text: string, { lines, index }: Place): Statement[] {
  const heads = (lines[index] as Line).cells
  if (
    heads.length < 2 ||
    !heads.every((head) => isLabel(text, head) && !/\d{2}/.test(text.slice(head.start, head.end)))
  )
    return []
  const found: Statement[] = []
  for (let at = index + 1; at < lines.length && at <= index + mostRows; at++) {
    const row = lines[at]
    if (!row || row.cells.length !== heads.length || !/\d/.test(text.slice(row.start, row.end))) break
    found.push({ spans: [span(row)], near: heads, size: 1, bare: 0 })
    for (const [column, cell] of row.cells.entries())
      found.push({ spans: [heads[column] as Span, cell], near: row.cells, size: 1, bare: 0 })
  }
  return found
}

/** A label with a value in its own line has none below it, unless that belongs to another label. */
function hasValue(text: string, { start, end }: Span): boolean {
  const words = text.slice(start, end)
  return /\d/.test(words) && !labelled.test(words)
}

/** A label with the one to four lines below it, down the first column. */
function toStacks(text: string, { lines, index }: Place): Statement[] {
  const { cells } = lines[index] as Line
  const label = cells[0]
  if (!label || !isLabel(text, label) || (cells[1] && hasValue(text, cells[1]))) return []
  const found: Statement[] = []
  const values: Span[] = []
  let blocks = 0
  for (let at = index + 1; at < lines.length && values.length < mostValueLines; at++) {
    const below = lines[at]
    const cell = below?.cells[0]
    if (!below || !cell || below.prose || lines[at + 1]?.prose) break
    const words = text.slice(cell.start, cell.end)
    if (numbered.test(words) || (values.length === 0 && labelled.test(words))) break
    if (below.block !== lines[at - 1]?.block && (++blocks > 2 || values.length > 1)) break
    values.push(cell)
    found.push({ spans: [label, ...values], near: nearOf(lines, index), size: values.length, bare: 0 })
  }
  return found
}
