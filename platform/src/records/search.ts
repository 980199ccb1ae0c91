import { sql, type RawBuilder } from 'kysely'
import { compactName, foldName, searchText } from '../graph/search-text.ts'
import { InvalidInput } from '../schema/refusals.ts'

/** What was asked for: folded words that must all be there, or their letters and digits in a row. */
export interface Search {
  words: readonly string[]
  compact: string
  /** As it was typed, for what is only found whole. */
  typed: string
}

const maxLength = 200

/** What a record is found by, for its `search` column: each part folded (no case, no accents) and compact (no separators). */
export function searchColumn(parts: readonly (string | null)[]): string {
  return searchText(parts.filter((part) => part !== null))
}

/** The search to make, null when nothing is asked for; InvalidInput for one longer than 200 characters. */
export function requireSearch(typed: string | null | undefined): Search | null {
  if ((typed ?? '').length > maxLength)
    throw new InvalidInput(`A search has at most ${maxLength} characters.`, ['search'])
  const folded = foldName((typed ?? '').replace(/\p{Cc}+/gu, ' '))
  return folded === '' ? null : { words: folded.split(' '), compact: compactName(folded), typed: (typed ?? '').trim() }
}

/** True for rows whose search column holds all words, or the whole search however it is separated. */
export function searchCondition(column: string, { words, compact }: Search): RawBuilder<boolean> {
  const has = (piece: string): RawBuilder<boolean> => sql<boolean>`strpos(${sql.ref(column)}, ${piece}) > 0`
  const all = sql.join(words.map(has), sql` and `)
  return compact === '' ? sql<boolean>`(${all})` : sql<boolean>`((${all}) or ${has(compact)})`
}
