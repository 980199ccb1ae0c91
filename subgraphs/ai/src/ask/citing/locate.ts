import type { PageBox } from '@passerelle/platform/schema'
import { toLetters } from './letters.ts'
import { toLines } from './lines.ts'

/** A word where it is printed. */
export interface PlacedWord extends PageBox {
  text: string
}

/** A stretch of a text. */
interface Stretch {
  start: number
  end: number
}

/** Share of the letters of a quotation that must be found together, when it is not printed as it is quoted. */
const enough = 0.6

/**
 * Where on its pages a stretch of a passage is printed: one box per line, in the order of the pages. `words` are those of the passage's
 * pages in reading order. The passage itself is looked for first, so that words that are printed more than once are found where they
 * are quoted; then the quoted words alone, as they are or nearly so. Empty when the pages do not hold them.
 */
export function locate(passage: string, { start, end }: Stretch, words: readonly PlacedWord[]): PageBox[] {
  const page = toPage(words)
  const whole = toLetters(passage)
  const at = page.letters.indexOf(whole.letters)
  if (at >= 0 && whole.letters !== '') {
    const from = whole.origins.findIndex((origin) => origin >= start)
    const until = whole.origins.findLastIndex((origin) => origin < end)
    if (from >= 0 && until >= from) return toLines(wordsBetween(page, { start: at + from, end: at + until + 1 }))
  }
  const quoted = toLetters(passage.slice(start, end)).letters
  if (quoted === '') return []
  return toLines(exactly(page, quoted, start / passage.length) ?? nearly(words, passage.slice(start, end)))
}

interface Page {
  letters: string
  /** For each word, where its letters begin; and behind the last one. */
  starts: number[]
  words: readonly PlacedWord[]
}

function toPage(words: readonly PlacedWord[]): Page {
  const starts: number[] = []
  let letters = ''
  for (const word of words) {
    starts.push(letters.length)
    letters += toLetters(word.text).letters
  }
  starts.push(letters.length)
  return { letters, starts, words }
}

function wordsBetween({ words, starts }: Page, { start, end }: Stretch): PlacedWord[] {
  return words.filter((_word, index) => (starts[index] ?? 0) < end && (starts[index + 1] ?? 0) > start)
}

/** The words as quoted; of several places the one that lies about as far down as the quotation does in its passage. */
function exactly(page: Page, quoted: string, depth: number): PlacedWord[] | null {
  let best = -1
  for (let at = page.letters.indexOf(quoted); at >= 0; at = page.letters.indexOf(quoted, at + 1)) {
    if (best < 0 || distance(at) < distance(best)) best = at
  }
  return best < 0 ? null : wordsBetween(page, { start: best, end: best + quoted.length })

  function distance(at: number): number {
    return Math.abs(at - depth * page.letters.length)
  }
}

/**
 * The stretch of the page in which most of the quoted words stand, in whatever order: cells of a table may be read in another one, and
 * recognised words may be torn or glued.
 */
function nearly(words: readonly PlacedWord[], quotation: string): PlacedWord[] {
  const quoted = quotation
    .split(/\s+/)
    .map((word) => toLetters(word).letters)
    .filter(Boolean)
  const glued = quoted.join('')
  const printed = words.map((word) => toLetters(word.text).letters)
  const found = printed.map(
    (word) => word !== '' && (quoted.includes(word) || (word.length > 2 && glued.includes(word))),
  )
  let best = { gained: 0, from: 0, until: 0 }
  for (const [from, starts] of found.entries()) {
    if (!starts) continue
    const window = gather({ from, printed, found, most: glued.length })
    if (window.gained > best.gained) best = { ...window, from }
  }
  if (best.gained < glued.length * enough) return []
  return words.slice(best.from, best.until).filter((_word, index) => found[best.from + index])
}

/** Letters of the quotation gained by the words from here on, until as many were passed as it has, and half as many more. */
function gather({
  from,
  printed,
  found,
  most,
}: {
  from: number
  printed: readonly string[]
  found: readonly boolean[]
  most: number
}): {
  gained: number
  until: number
} {
  const used = new Map<string, number>()
  let gained = 0
  let passed = 0
  let until = from
  for (let index = from; index < printed.length && passed < most * 1.5; index++) {
    const word = printed[index] ?? ''
    passed += word.length
    if (!found[index] || used.has(word)) continue
    used.set(word, index)
    gained += word.length
    until = index + 1
  }
  return { gained: Math.min(gained, most), until }
}
