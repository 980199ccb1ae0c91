import { sentences } from '@passerelle/platform/text'
import type { ReadPage, ReadSegment } from './page.ts'
import { paginate, piecesOf, type Paragraph } from './virtual.ts'

/** A stretch of a recording and what is said in it. */
export interface Utterance {
  startMs: number
  endMs: number
  text: string
  speaker: string | null
}

/** A stretch that lasts longer than this is parted at its sentences, which share its time by their length. */
const longestMs = 20_000
/** A pause after which something new begins, and the length after which the end of a sentence is a place to rest. */
const paragraph = { pauseMs: 2_000, characters: 500 }
/** The last moment that is kept: 24 days. */
const latestMs = 2 ** 31 - 1

/**
 * A transcript as pages of words with boxes, like any text without pages, of which every stretch knows its time: a page holds three to four minutes
 * of speech. Another speaker, a pause or a long speech begins a paragraph. Throws Unread (TOO_MANY_PAGES).
 */
export function toSpokenPages(utterances: readonly Utterance[], maxPages: number): ReadPage[] {
  const said = utterances.map(toPlain).flatMap(parted)
  const pages = paginate(toParagraphs(said), maxPages)
  const cursor = { utterance: 0, piece: 0 }
  return pages.map((page) => ({ ...page, segments: segmentsOf(page, said, cursor) }))
}

function toPlain({ startMs, endMs, text, speaker }: Utterance): Utterance {
  const start = Math.min(Math.max(0, startMs), latestMs)
  return {
    startMs: start,
    endMs: Math.min(Math.max(start, endMs), latestMs),
    text: text.replaceAll(/\s+/g, ' ').trim(),
    speaker: speaker?.trim() || null,
  }
}

function parted(whole: Utterance): Utterance[] {
  if (whole.text === '') return []
  if (whole.endMs - whole.startMs <= longestMs) return [whole]
  const timeAt = (offset: number): number =>
    Math.round(whole.startMs + ((whole.endMs - whole.startMs) * offset) / whole.text.length)
  return sentences(whole.text).map(({ text, start, end }) => ({
    startMs: timeAt(start),
    endMs: timeAt(end),
    text,
    speaker: whole.speaker,
  }))
}

function toParagraphs(said: readonly Utterance[]): Paragraph[] {
  const paragraphs: Paragraph[] = []
  for (const [index, { text, startMs, speaker }] of said.entries()) {
    const before = said[index - 1]
    const last = paragraphs.at(-1)
    const rests = last && last.text.length > paragraph.characters && /[.!?…]["»”]?$/.test(last.text)
    const begins =
      !last || !before || rests || before.speaker !== speaker || startMs - before.endMs >= paragraph.pauseMs
    if (begins) paragraphs.push({ text })
    else last.text += ` ${text}`
  }
  return paragraphs
}

/** The stretches on a page. Pages hold the words of all of them in order, so words are counted off; one that goes on overleaf is shared by its words. */
function segmentsOf(
  { words }: ReadPage,
  said: readonly Utterance[],
  cursor: { utterance: number; piece: number },
): ReadSegment[] {
  const segments: ReadSegment[] = []
  for (let next = 0; next < words.length;) {
    const utterance = said[cursor.utterance]
    if (!utterance) break
    const { startMs, endMs, speaker } = utterance
    const count = piecesOf(utterance.text)
    const taken = Math.min(count - cursor.piece, words.length - next)
    const [first, last] = [words[next], words[next + taken - 1]]
    const timeAt = (piece: number): number => Math.round(startMs + ((endMs - startMs) * piece) / count)
    if (first && last)
      segments.push({
        start: first.start,
        end: last.start + last.text.length,
        startMs: timeAt(cursor.piece),
        endMs: timeAt(cursor.piece + taken),
        speaker,
      })
    next += taken
    cursor.piece += taken
    if (cursor.piece === count) Object.assign(cursor, { utterance: cursor.utterance + 1, piece: 0 })
  }
  return segments
}
