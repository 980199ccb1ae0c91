import { findIdentifiers, nameKey } from '../identifiers/identifiers.ts'
import type { Subject } from './subject.ts'

/** Finds a person in texts, as they are printed: without regard to case and accents, the name in either order, the number in any spelling. */
export interface Matcher {
  /** Everything that is to be found, in no text. */
  readonly isEmpty: boolean
  finds(text: string): boolean
  /** The text with every place that names the person covered, sign for sign, so that offsets into it hold. */
  mask(text: string): string
  /**
   * Patterns for ILIKE, one of which matches every text that `finds` may find, and some others: a letter that could have an accent is any sign. Empty
   * when there is nothing to be found.
   */
  readonly likePatterns: readonly string[]
}

const cover = '█'

/** Letters that are printed with accents, or as another sign. */
const accented = /[aceinouyszœæ]/gi

interface Span {
  start: number
  end: number
}

/** `also` are further spellings of the name, such as those that documents have been found to use. */
export function createMatcher(subject: Subject, also: readonly string[] = []): Matcher {
  const names = [...new Set([...subject.names, ...also].map(nameKey))].map((key) => key.split(' ').filter(Boolean))
  const telling = names.filter((words) => words.join('').length >= 3)
  const patterns = telling.flatMap((words) => [words, words.toReversed()].map(toPattern))
  const keys = new Set([...subject.emails.map((key) => `EMAIL:${key}`), ...subject.phones.map((key) => `PHONE:${key}`)])
  const find = (text: string): Span[] => [
    ...findNames(text, patterns),
    ...findIdentifiers(text).filter(({ kind, key }) => keys.has(`${kind}:${key}`)),
    ...findAddresses(text, subject.emails),
  ]
  return {
    isEmpty: patterns.length === 0 && keys.size === 0,
    finds: (text) => find(text).length > 0,
    mask: (text) => maskSpans(text, find(text)),
    likePatterns: [
      ...telling.map((words) => `%${toLike(words.toSorted((a, b) => b.length - a.length)[0] ?? '')}%`),
      ...subject.emails.map((email) => `%${toLike(email.split('@')[0] ?? '')}%`),
      // Digits in any grouping: those at the end of the number.
      ...subject.phones.map((phone) => `%${phone.slice(-6).split('').join('%')}%`),
    ],
  }
}

/** Between the words of a name may stand blanks, a comma, a hyphen, a dot. */
function toPattern(words: readonly string[]): RegExp {
  const body = words.map((word) => word.replace(/[^\p{L}\p{N}]/gu, '.?')).join('[\\s,.\\-\u00ad\u2010-\u2015]{1,4}')
  return new RegExp(`(?<![\\p{L}\\p{N}])${body}(?![\\p{L}\\p{N}])`, 'giu')
}

function findNames(text: string, patterns: readonly RegExp[]): Span[] {
  if (patterns.length === 0) return []
  const { folded, offsets } = foldWithOffsets(text)
  return patterns.flatMap((pattern) =>
    [...folded.matchAll(pattern)].map(({ index, 0: found }) => ({
      start: offsets[index] ?? 0,
      end: offsets[index + found.length] ?? text.length,
    })),
  )
}

/** Lower case without accents, and where each of its signs was in the text. */
function foldWithOffsets(text: string): { folded: string; offsets: number[] } {
  let folded = ''
  const offsets: number[] = []
  let at = 0
  for (const sign of text) {
    const plain = sign
      .replace(/[œŒ]/g, 'oe')
      .replace(/[æÆ]/g, 'ae')
      .normalize('NFKD')
      .replace(/\p{M}+/gu, '')
      .toLowerCase()
    for (let index = 0; index < plain.length; index++) offsets.push(at)
    folded += plain
    at += sign.length
  }
  offsets.push(text.length)
  return { folded, offsets }
}

/** An address that the finder of identifiers does not take for one, such as inside a longer word. */
function findAddresses(text: string, emails: readonly string[]): Span[] {
  const lower = text.toLowerCase()
  if (lower.length !== text.length) return []
  return emails.flatMap((email) => {
    const found: Span[] = []
    for (let start = lower.indexOf(email); start >= 0; start = lower.indexOf(email, start + email.length))
      found.push({ start, end: start + email.length })
    return found
  })
}

function maskSpans(text: string, spans: readonly Span[]): string {
  if (spans.length === 0) return text
  const covered = new Uint8Array(text.length)
  for (const { start, end } of spans) covered.fill(1, start, end)
  let masked = ''
  for (let index = 0; index < text.length; index++)
    masked += covered[index] && !/\s/.test(text[index] ?? '') ? cover : (text[index] ?? '')
  return masked
}

function toLike(word: string): string {
  return word.replace(/[%_\\]/g, '_').replace(accented, '_')
}
