import type { Box } from '@passerelle/platform/schema'
import type { PageWord } from './retrieval.ts'

/**
 * Where on the page these words stand: one box per line, or null when the page does not hold them in this order. White space is not
 * compared, because a page and a quotation break their lines differently.
 */
export function locate(quotation: string, words: readonly PageWord[]): Box[] | null {
  const wanted = bare(quotation)
  if (wanted === '') return null
  const starts: number[] = []
  let page = ''
  for (const word of words) {
    starts.push(page.length)
    page += bare(word.text)
  }
  const at = page.indexOf(wanted)
  if (at < 0) return null
  const found = words.filter((word, index) => {
    const start = starts[index] ?? 0
    return start < at + wanted.length && start + bare(word.text).length > at
  })
  return toLines(found.map((word) => word.box))
}

function bare(text: string): string {
  return text.replaceAll(/\s+/g, '')
}

/** Joins boxes that follow each other on a line: those that overlap by more than half their height. */
function toLines(boxes: readonly Box[]): Box[] {
  const lines: Box[] = []
  for (const box of boxes) {
    const last = lines.at(-1)
    if (last && sameLine(last, box)) lines[lines.length - 1] = union(last, box)
    else lines.push(box)
  }
  return lines
}

function sameLine(a: Box, b: Box): boolean {
  const overlap = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y)
  return overlap > Math.min(a.height, b.height) / 2 && b.x >= a.x
}

function union(a: Box, b: Box): Box {
  const x = Math.min(a.x, b.x)
  const y = Math.min(a.y, b.y)
  return { x, y, width: Math.max(a.x + a.width, b.x + b.width) - x, height: Math.max(a.y + a.height, b.y + b.height) - y }
}
