import type { Box, PageBox } from '@passerelle/platform/schema'
import type { ReadPage } from '../reading/reading.ts'
import { countPassing } from './sorted.ts'

/** A stretch of the text of one page. */
export interface Span {
  page: number
  start: number
  end: number
}

function union(left: Box, right: Box): Box {
  const x = Math.min(left.x, right.x)
  const y = Math.min(left.y, right.y)
  const width = Math.max(left.x + left.width, right.x + right.width) - x
  return { x, y, width, height: Math.max(left.y + left.height, right.y + right.height) - y }
}

/** The boxes of a stretch of text, one for each visual line it touches, in reading order, around whole words. */
export function boxesOf(page: ReadPage, { start, end }: { start: number; end: number }): PageBox[] {
  const boxes: PageBox[] = []
  let line: number | null = null
  const first = countPassing(page.words, (word) => word.start + word.text.length <= start)
  for (let index = first; index < page.words.length; index++) {
    const word = page.words[index]
    if (!word || word.start >= end) break
    const last = boxes.at(-1)
    if (last && word.line === line) last.box = union(last.box, word.box)
    else boxes.push({ page: page.number, box: { ...word.box } })
    line = word.line
  }
  return boxes
}
