import type { Box, Passage } from './passages'

/** A stretch of a page's text; `mark` when a passage lights it up. */
export interface Run {
  text: string
  mark?: 'lit' | 'active'
}

interface FlowedPage {
  text: string
  words: readonly { text: string; box: Box }[]
}

/** The row that texts without pages are set in when they are read: a line that the next word would make longer was broken there. */
const columns = 90

/**
 * A page's text as a reader's window can wrap it anew: the words that `markOf` knows are marked, and lines that were broken only for want
 * of room are joined again. Words that are not in the text are passed over.
 */
export function flowText({ text, words }: FlowedPage, markOf: (box: Box) => Run['mark']): Run[] {
  const runs: Run[] = []
  let [end, lineStart] = [0, 0]
  const add = (part: string, mark: Run['mark']): void => {
    const last = runs.at(-1)
    if (last && last.mark === mark) last.text += part
    else if (part) runs.push(mark ? { text: part, mark } : { text: part })
  }
  for (const { text: word, box } of words) {
    const start = text.indexOf(word, end)
    if (start < 0) continue
    const gap = text.slice(end, start)
    const broken = gap === '\n' && end - lineStart + 1 + word.length > columns
    if (gap.includes('\n')) lineStart = start
    const mark = markOf(box)
    add(broken ? ' ' : gap, mark === runs.at(-1)?.mark ? mark : undefined)
    add(word, mark)
    end = start + word.length
  }
  add(text.slice(end), undefined)
  return runs
}

/** Says of a word's box on a page whether a passage lights it up; a word belongs where its middle is. */
export function createMarkOf(passages: readonly Passage[], { page, active }: { page: number; active: number }) {
  const lit = passages.flatMap(({ boxes }, index) =>
    boxes.filter((box) => box.page === page).map(({ box }) => ({ box, active: index === active })),
  )
  return ({ x, y, width, height }: Box): Run['mark'] => {
    const [middle, centre] = [x + width / 2, y + height / 2]
    const over = lit.filter(
      ({ box }) => middle >= box.x && middle <= box.x + box.width && centre >= box.y && centre <= box.y + box.height,
    )
    if (over.length === 0) return undefined
    return over.some((mark) => mark.active) ? 'active' : 'lit'
  }
}
