import { tokens } from '@passerelle/platform/text'
import { isEnglish } from '../abstention.ts'
import type { Passage } from '../passage.ts'
import { fold } from './folding.ts'
import type { Concept } from './question.ts'
import type { Span } from './lines.ts'
import type { Statement } from './statement.ts'
import { statementsOf } from './statements.ts'

/** A passage as it is read for an answer. */
export interface Source {
  passage: Passage
  folded: string
  statements: Statement[]
  /** Where each term of the passage stands. */
  places: ReadonlyMap<string, readonly Span[]>
}

/** A place that speaks of a concept, and how surely: 1 for its own words. */
export interface Sighting extends Span {
  strength: number
}

/** How surely the first, second and third way of saying a thing of the trade mean it, and a word of the same family. */
const strengths = { said: [1, 0.75, 0.6], alike: 0.85, family: 0.6 }
/** Letters that words of one family begin with, and the share of the longer one that these are. */
const family = { root: 4, beginning: 5, share: 0.5 }

export function readSource(passage: Passage): Source {
  const { text } = passage
  const places = new Map<string, Span[]>()
  for (const { terms, start, end } of tokens(text, isEnglish(text) ? 'en' : 'fr')) {
    for (const term of terms) {
      const known = places.get(term)
      if (known) known.push({ start, end })
      else places.set(term, [{ start, end }])
    }
  }
  return { passage, folded: fold(text), statements: statementsOf(text), places }
}

/** Where a source speaks of a concept. */
export function sightingsOf({ terms, alike, said, role }: Concept, { folded, places }: Source): Sighting[] {
  const found: Sighting[] = said.flatMap((pattern, index) =>
    [...folded.matchAll(pattern)].map((match) => ({
      start: match.index,
      end: match.index + match[0].length,
      strength: strengths.said[index] ?? strengths.family,
    })),
  )
  for (const term of terms) for (const place of places.get(term) ?? []) found.push({ ...place, strength: 1 })
  for (const term of alike.difference(terms))
    for (const place of places.get(term) ?? []) found.push({ ...place, strength: strengths.alike })
  if (found.length > 0 || role === 'reference') return found
  return [...places].flatMap(([term, stands]) =>
    isFamily(term, terms) ? stands.map((place) => ({ ...place, strength: strengths.family })) : [],
  )
}

/** Words that begin alike, as "préside" and "président" or "fondé" and "fondation". */
function isFamily(term: string, others: ReadonlySet<string>): boolean {
  for (const other of others) {
    const shorter = Math.min(term.length, other.length)
    if (shorter < family.root || /\d/.test(term + other)) continue
    let common = 0
    while (common < shorter && term[common] === other[common]) common++
    const enough = common === shorter ? family.root : family.beginning
    if (common >= enough && common >= Math.max(term.length, other.length) * family.share) return true
  }
  return false
}
