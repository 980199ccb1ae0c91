import { sentences } from '@passerelle/platform/text'

/** A stretch of a passage's text. */
export interface Span {
  start: number
  end: number
}

/** A sentence, or a line of what is not written in sentences. */
export interface Line extends Span {
  /** What tabs part. */
  cells: Span[]
  prose: boolean
  /** Lines of one block follow each other without an empty one. */
  block: number
}

/** Sentences, and the lines of what is not written in sentences. */
export function toLines(text: string): Line[] {
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

/** Only where something stands, without what else is known of it. */
export function span({ start, end }: Span): Span {
  return { start, end }
}
