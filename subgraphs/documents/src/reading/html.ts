import { compile, type Builder, type Element, type FormatOptions, type Walk } from 'html-to-text'
import { Unread } from './failure.ts'
import { toParagraphs } from './text.ts'
import type { Paragraph } from './virtual.ts'

const MAX_LENGTH = 8_000_000
const MAX_DEPTH = 200
/** Stand for a heading's level and for the end of a table cell while the text is one string; no text contains them. */
const HEADING = '\uE010'
const CELL = '\uE011'

const convert = compile({
  wordwrap: false,
  limits: { maxInputLength: MAX_LENGTH, maxDepth: MAX_DEPTH },
  formatters: { markHeading, row, cell },
  selectors: [
    ...[1, 2, 3, 4, 5, 6].map((level) => ({ selector: `h${level}`, format: 'markHeading', options: { level } })),
    { selector: 'a', format: 'inline' },
    { selector: 'img', format: 'skip' },
    { selector: 'table', format: 'block' },
    { selector: 'tr', format: 'row' },
    { selector: 'td', format: 'cell' },
    { selector: 'th', format: 'cell' },
    { selector: 'ul', options: { itemPrefix: '- ' } },
  ],
})

/** The text of a web page: paragraphs, headings, table rows as lines with tabs between cells. Throws Unread (TOO_LARGE) beyond 8 million characters of markup. */
export function toHtmlParagraphs(html: string): Paragraph[] {
  // Pictures inside the markup are no text, and are most of its length.
  const markup = html.replaceAll(/\b(src|href)\s*=\s*(["'])data:[^"']*\2/gi, '').replaceAll(/[\uE010\uE011]/g, '')
  if (markup.length > MAX_LENGTH)
    throw new Unread('TOO_LARGE', `${markup.length} characters of markup, at most ${MAX_LENGTH} can be read`)
  const text = convert(markup)
    .replaceAll(new RegExp(` *${CELL} *(?=\n|$)`, 'g'), '')
    .replaceAll(new RegExp(` *${CELL} *`, 'g'), '\t')
  return toParagraphs(text).map(({ text: paragraph }) => {
    const level = paragraph.startsWith(HEADING) ? Number(paragraph[1]) : 0
    return level > 0 ? { text: paragraph.slice(2).trim(), heading: level } : { text: paragraph.replaceAll(HEADING, '') }
  })
}

function markHeading(element: Element, walk: Walk, builder: Builder, { level }: FormatOptions): void {
  builder.openBlock({ leadingLineBreaks: 2 })
  builder.addLiteral(`${HEADING}${level ?? 1}`)
  walk(element.children, builder)
  builder.closeBlock({ trailingLineBreaks: 2 })
}

function row(element: Element, walk: Walk, builder: Builder): void {
  builder.openBlock({ leadingLineBreaks: 1 })
  walk(element.children, builder)
  builder.closeBlock({ trailingLineBreaks: 1 })
}

/** A cell is one line of its row, however many paragraphs Word puts into it. */
function cell(element: Element, walk: Walk, builder: Builder): void {
  const parts = element.children.flatMap((child) =>
    child.name === 'p' ? [...(child.children ?? []), { type: 'text', data: ' ' }] : [child],
  )
  walk(parts, builder)
  builder.addInline(CELL)
}
