import { usePreferredLanguages, useStorage } from '@vueuse/core'
import { createI18n } from 'vue-i18n'
import { watch } from 'vue'
import type { Messages } from './fr'

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

const load: Record<Language, () => Promise<Messages>> = {
  fr: async () => (await import('./fr')).default,
  en: async () => (await import('./en')).default,
}

export const i18n = createI18n({
  legacy: false,
  locale: 'fr',
  fallbackLocale: 'fr',
  messages: {} as Record<Language, Messages>,
})

/** Loads a language and shows everything in it, the document's `lang` included. */
export async function speak(next: Language): Promise<void> {
  if (!i18n.global.availableLocales.includes(next)) i18n.global.setLocaleMessage(next, await load[next]())
  i18n.global.locale.value = next
  document.documentElement.lang = next
}

watch(language, (next) => speak(next))
