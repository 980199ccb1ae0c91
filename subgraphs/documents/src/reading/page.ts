/** A rectangle on a page in fractions of its width and height, origin top left. */
export interface ReadBox {
  x: number
  y: number
  width: number
  height: number
}

/** One word of a page. `text.slice(start, start + word.text.length)` of its page is the word. */
export interface ReadWord {
  text: string
  box: ReadBox
  start: number
  /** Index of the visual line, and of the paragraph-like block, on the page. */
  line: number
  block: number
  /** 0 to 1, only for recognised words. */
  confidence?: number
}

/** A heading of a page: where it starts and ends in the page's text; level 1 is the highest. */
export interface ReadHeading {
  start: number
  end: number
  level: number
}

/** What somebody says in one breath: where it stands in the page's text, and when it is said, in milliseconds of the recording. */
export interface ReadSegment {
  start: number
  end: number
  startMs: number
  endMs: number
  speaker: string | null
}

/** One page as it was read. Width and height are points for PDF and text, pixels for images, both as the page is shown upright. */
export interface ReadPage {
  /** From 1. */
  number: number
  width: number
  height: number
  /** In reading order: a newline between lines, an empty line between blocks, a tab where a wide gap (a table cell) was. */
  text: string
  words: ReadWord[]
  /** True when the text comes from OCR. */
  recognized: boolean
  /** Mean of the words' confidence, 0 to 1, only for recognised pages. */
  confidence?: number
  headings: ReadHeading[]
  /** Of a page of speech, in order; words stand in one each. */
  segments?: ReadSegment[]
}

/** A word before its page is composed; `wide` says that a wide gap is before it. */
export interface LaidWord {
  text: string
  box: ReadBox
  confidence?: number
  wide?: boolean
}

/** A line before its page is composed; lines with the same `block` belong together, `heading` is its level. */
export interface LaidLine {
  words: LaidWord[]
  block: number
  heading?: number
}

/** Turns lines in reading order into the page's text, words with offsets, and headings. Blocks are renumbered from 0. */
export function composePage(lines: LaidLine[]): Pick<ReadPage, 'text' | 'words' | 'headings'> {
  const words: ReadWord[] = []
  const headings: ReadHeading[] = []
  let text = ''
  let block = 0
  for (const [index, line] of lines.entries()) {
    const before = lines[index - 1]
    if (before) {
      const sameBlock = before.block === line.block
      text += sameBlock ? '\n' : '\n\n'
      block += sameBlock ? 0 : 1
    }
    const start = text.length
    for (const [position, word] of line.words.entries()) {
      if (position > 0) text += word.wide ? '\t' : ' '
      const confidence = word.confidence === undefined ? {} : { confidence: word.confidence }
      words.push({ text: word.text, box: word.box, start: text.length, line: index, block, ...confidence })
      text += word.text
    }
    if (line.heading !== undefined)
      addHeading(headings, { start, end: text.length, level: line.heading }, before?.block === line.block)
  }
  return { text, words, headings }
}

function addHeading(headings: ReadHeading[], heading: ReadHeading, continues: boolean): void {
  const last = headings.at(-1)
  if (continues && last && last.level === heading.level && last.end + 1 === heading.start) last.end = heading.end
  else headings.push(heading)
}

/** A page of which nothing could be read, so that later pages keep their number. */
export function blankPage(
  number: number,
  size: { width: number; height: number } = { width: 595, height: 842 },
): ReadPage {
  return { number, ...size, text: '', words: [], recognized: false, headings: [] }
}
