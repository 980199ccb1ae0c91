import { newStemmer } from 'snowball-stemmers'
import type { Language } from './terms.ts'

const stemmers = { fr: newStemmer('french'), en: newStemmer('english') }
const remembered: Record<Language, Map<string, string>> = { fr: new Map(), en: new Map() }
const mostRemembered = 50_000
const longestWord = 40

/** "données" and "donné" lost their accents before they came here; without this they would not meet. */
function prepare(word: string, language: Language): string {
  return language === 'fr' ? word.replace(/ees?$/, 'e') : word
}

/** The Snowball stem of a word in lower case without accents. Words come again and again, so stems are remembered, within bounds. */
export function stem(word: string, language: Language): string {
  if (word.length > longestWord) return word.slice(0, longestWord)
  const memory = remembered[language]
  const known = memory.get(word)
  if (known !== undefined) return known
  if (memory.size >= mostRemembered) memory.clear()
  const found = stemmers[language].stem(prepare(word, language))
  memory.set(word, found)
  return found
}
