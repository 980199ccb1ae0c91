import { findIdentifiers } from '../identifiers/identifiers.ts'
import {
  emailPattern,
  foldWithOffsets,
  looseEmail,
  looseName,
  loosePhone,
  namePattern,
  phonePattern,
  wordsOf,
} from './printed.ts'
import type { Subject } from './subject.ts'

/**
 * Finds a person in texts, as they are printed: without regard to case and accents, the name in either order and in the name of a file or the cells of a table,
 * the number in any spelling.
 */
export interface Matcher {
  /** Everything that is to be found, in no text. */
  readonly isEmpty: boolean
  finds(text: string): boolean
  /** The text with every place that names the person covered, sign for sign, so that offsets into it hold. */
  mask(text: string): string
  /** Whether these are the words of one of the names, and no others. */
  isName(text: string): boolean
  /** Regular expressions of PostgreSQL (`~`), one of which matches every text that `finds` may find, and some others. Empty when there is nothing to be found. */
  readonly loosePatterns: readonly string[]
}

const cover = '█'

interface Span {
  start: number
  end: number
}

/** `also` are further spellings of the name, such as those that documents have been found to use. */
export function createMatcher(subject: Subject, also: readonly string[] = []): Matcher {
  const names = new Map([...subject.names, ...also].map((name) => [wordsOf(name).join(' '), wordsOf(name)]))
  names.delete('')
  const telling = [...names.values()]
  const patterns = telling.flatMap((words) => [words, words.toReversed()].map(namePattern))
  const reached = [...subject.emails.map(emailPattern), ...subject.phones.map(phonePattern)]
  const keys = new Set([...subject.emails.map((key) => `EMAIL:${key}`), ...subject.phones.map((key) => `PHONE:${key}`)])
  const find = (text: string): Span[] => [
    ...findNames(text, patterns),
    ...reached.flatMap((pattern) => spansOf(text, pattern)),
    ...(keys.size > 0 ? findIdentifiers(text).filter(({ kind, key }) => keys.has(`${kind}:${key}`)) : []),
  ]
  return {
    isEmpty: patterns.length === 0 && keys.size === 0,
    finds: (text) => find(text).length > 0,
    mask: (text) => maskSpans(text, find(text)),
    isName(text) {
      const words = wordsOf(text)
      return names.has(words.join(' ')) || names.has(words.toReversed().join(' '))
    },
    loosePatterns: [...telling.map(looseName), ...subject.emails.map(looseEmail), ...subject.phones.map(loosePhone)],
  }
}

function spansOf(text: string, pattern: RegExp): Span[] {
  return [...text.matchAll(pattern)].map(({ index, 0: found }) => ({ start: index, end: index + found.length }))
}

function findNames(text: string, patterns: readonly RegExp[]): Span[] {
  if (patterns.length === 0) return []
  const { folded, offsets } = foldWithOffsets(text)
  return patterns.flatMap((pattern) =>
    spansOf(folded, pattern).map(({ start, end }) => ({
      start: offsets[start] ?? 0,
      end: offsets[end] ?? text.length,
    })),
  )
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
