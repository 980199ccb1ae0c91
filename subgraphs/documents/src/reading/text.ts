import { readFile } from 'node:fs/promises'
import { decodeText } from './decode.ts'
import { Unread } from './failure.ts'
import type { Paragraph } from './virtual.ts'

/** Reads a text file of any usual encoding. Throws Unread (UNREADABLE) when it is no text. */
export async function loadText(path: string): Promise<string> {
  const text = decodeText(await readFile(path))
  if (text === undefined) throw new Unread('UNREADABLE', 'the file is not text in a known encoding')
  return text.replaceAll(/\r\n?/g, '\n')
}

/** Plain text: paragraphs are parted by empty lines or page breaks. */
export function toParagraphs(text: string): Paragraph[] {
  return text
    .split(/\n\s*\n|\f/)
    .filter((paragraph) => paragraph.trim() !== '')
    .map((paragraph) => ({ text: paragraph.replace(/^\n+/, '').trimEnd() }))
}

/** Markdown is read as it is written, but its headings are known as such. */
export function toMarkdownParagraphs(text: string): Paragraph[] {
  const paragraphs: Paragraph[] = []
  for (const part of toParagraphs(text)) {
    let body: string[] = []
    const flush = (): void => {
      if (body.length > 0) paragraphs.push({ text: body.join('\n') })
      body = []
    }
    for (const line of part.text.split('\n')) {
      const heading = /^(#{1,6})\s+(.*?)\s*#*$/.exec(line)
      if (heading?.[1] && heading[2]) {
        flush()
        paragraphs.push({ text: heading[2], heading: heading[1].length })
      } else body.push(line)
    }
    flush()
  }
  return paragraphs
}
