import { francAll } from 'franc-min'
import type { Language } from '@passerelle/platform/text'

const enough = { characters: 40, sample: 20_000, lead: 0.02 }
const codes: Record<string, Language> = { fra: 'fr', eng: 'en' }

/**
 * The language a text is written in, `fr` or `en`, told by its groups of three letters; null when there are too few letters to
 * tell, or when it is neither. Looks at the first 20,000 characters.
 */
export function detectLanguage(text: string): Language | null {
  const letters = text
    .slice(0, enough.sample)
    .replace(/[^\p{L}\s'’]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim()
  if (letters.length < enough.characters) return null
  const [first, second] = francAll(letters, { only: ['fra', 'eng', 'deu', 'spa', 'ita', 'nld', 'por', 'pol'] })
  if (!first || (second && first[1] - second[1] < enough.lead)) return null
  return codes[first[0]] ?? null
}

/** The languages whose rules the index knows. */
export function toLanguage(language: string | null | undefined): Language | null {
  return language === 'fr' || language === 'en' ? language : null
}
