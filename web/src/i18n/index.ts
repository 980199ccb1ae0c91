import { usePreferredLanguages, useStorage } from '@vueuse/core'
import { createI18n } from 'vue-i18n'
import { watch } from 'vue'
import type { First, Later } from './fr'

export type Language = 'fr' | 'en'

/** The first language of the list that we speak; French when we speak none of them. */
export function chooseLanguage(preferred: readonly string[]): Language {
  const known = preferred.map((tag) => tag.slice(0, 2).toLowerCase()).find((tag) => tag === 'fr' || tag === 'en')
  return known === 'en' ? 'en' : 'fr'
}

/** The person's choice in this browser, the browser's own otherwise. */
export const language = useStorage<Language>(
  'passerelle.language',
  chooseLanguage(usePreferredLanguages().value),
  undefined,
  {
    writeDefaults: false,
  },
)

/** In two parts, so that the first page does not wait for the words of all others. */
const load: Record<Language, { first: () => Promise<First>; later: () => Promise<Later> }> = {
  fr: { first: async () => (await import('./fr')).default, later: async () => (await import('./fr/later')).default },
  en: { first: async () => (await import('./en')).default, later: async () => (await import('./en/later')).default },
}
const loaded = new Map<() => Promise<object>, Promise<void>>()
let speaksAll = false

/** Adds a part of a language, once; what could not be loaded is asked for again the next time. */
function add(to: Language, part: () => Promise<object>): Promise<void> {
  const known = loaded.get(part)
  if (known) return known
  const adding = part().then((words) => i18n.global.mergeLocaleMessage(to, words))
  loaded.set(part, adding)
  adding.catch(() => loaded.delete(part))
  return adding
}

export const i18n = createI18n({
  legacy: false,
  locale: 'fr',
  fallbackLocale: 'fr',
  messages: {} as Record<Language, First & Later>,
})

/** Loads a language and shows everything in it that is needed by now, the document's `lang` included. */
export async function speak(next: Language): Promise<void> {
  await Promise.all([add(next, load[next].first), speaksAll && add(next, load[next].later)])
  i18n.global.locale.value = next
  document.documentElement.lang = next
}

/** Loads the words of all pages, in this language and in every other that is chosen later. */
export async function speakOfAll(): Promise<void> {
  speaksAll = true
  await add(i18n.global.locale.value, load[i18n.global.locale.value].later)
}

watch(language, (next) => speak(next))
