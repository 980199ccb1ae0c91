import { span, toLines, type Line, type Span } from './lines.ts'
import type { Statement } from './statement.ts'
import { toCells, toColumns, toStacks } from './tables.ts'

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
      ...toStacks(text, { lines, index, near }),
    ]
  })
  return all.filter(({ spans }) => !/:\s*$/.test(text.slice(spans.at(-1)?.start, spans.at(-1)?.end)))
}

/** A sentence is about its heading and goes on from the one before it. */
function toSentence(lines: readonly Line[], index: number): Statement {
  const line = lines[index] as Line
  const before = lines[index - 1]
  const near: Span[] = []
  if (before?.prose && before.block === line.block) near.push(span(before))
  const heading = headingOf(lines, index)
  if (heading) near.push(span(heading))
  return { spans: [span(line)], near, size: 1, bare: 0, prose: true }
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
