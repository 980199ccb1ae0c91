/** A piece of a line: plain, code, strong, or a link. */
export interface Span {
  text: string
  code?: true
  strong?: true
  href?: string
}

/** A part of a guide. */
export type Block =
  | { kind: 'heading'; level: number; spans: Span[] }
  | { kind: 'text'; spans: Span[] }
  | { kind: 'code'; language: string; text: string }
  | { kind: 'table'; head: Span[][]; rows: Span[][][] }

const inline = /`([^`]+)`|\*\*([^*]+)\*\*|\*([^*]+)\*|\[([^\]]+)\]\(([^)]+)\)/g

/** Reads the Markdown that our own guides are written in: headings, paragraphs, fenced code, tables, and within lines code, stress and links. */
export function readMarkdown(source: string): Block[] {
  const parts = source.matchAll(/^```(\w*)\n([\s\S]*?)^```$|((?:^(?!```).+$\n?)+)/gm)
  return [...parts].map(([, language, code, lines = '']): Block => {
    if (code !== undefined) return { kind: 'code', language: language ?? '', text: code.replace(/\n$/, '') }
    const heading = /^(#+) (.+)/.exec(lines)
    if (heading) return { kind: 'heading', level: heading[1]?.length ?? 1, spans: toSpans(heading[2] ?? '') }
    if (lines.startsWith('|')) return toTable(lines.trim().split('\n'))
    return { kind: 'text', spans: toSpans(lines.trim().replaceAll('\n', ' ')) }
  })
}

function toTable(lines: readonly string[]): Block {
  const rows = lines.map((line) =>
    line
      .replace(/^\||\|$/g, '')
      .split('|')
      .map((cell) => toSpans(cell.trim())),
  )
  return { kind: 'table', head: rows[0] ?? [], rows: rows.slice(2) }
}

function toSpans(text: string): Span[] {
  const spans: Span[] = []
  let from = 0
  for (const match of text.matchAll(inline)) {
    const [whole, code, strong, stress, label, href] = match
    if (match.index > from) spans.push({ text: text.slice(from, match.index) })
    if (code !== undefined) spans.push({ text: code, code: true })
    else if (label !== undefined) spans.push({ text: label, href: href ?? '' })
    else spans.push({ text: strong ?? stress ?? '', strong: true })
    from = match.index + whole.length
  }
  if (from < text.length) spans.push({ text: text.slice(from) })
  return spans
}
