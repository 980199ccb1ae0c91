import { usePreferredLanguages, useStorage } from '@vueuse/core'
import { createI18n } from 'vue-i18n'
import { watch } from 'vue'
import type { First, Later, Portal } from './fr'

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

interface Parts {
  first: () => Promise<First>
  later: () => Promise<Later>
  portal: () => Promise<Portal>
}

/** In parts, so that the first page does not wait for the words of all others, and a client for none of the application's. */
const load: Record<Language, Parts> = {
  fr: {
    first: async () => (await import('./fr')).default,
    later: async () => (await import('./fr/later')).default,
    portal: async () => (await import('./fr/portal')).default,
  },
  en: {
    first: async () => (await import('./en')).default,
    later: async () => (await import('./en/later')).default,
    portal: async () => (await import('./en/portal')).default,
  },
}
const loaded = new Map<() => Promise<object>, Promise<void>>()
/** The parts that every language needs by now. */
const needed = new Set<keyof Parts>(['first'])

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
  messages: {} as Record<Language, First & Later & Portal>,
})

/** Loads a language and shows everything in it that is needed by now, the document's `lang` included. */
export async function speak(next: Language): Promise<void> {
  await Promise.all([...needed].map((part) => add(next, load[next][part])))
  i18n.global.locale.value = next
  document.documentElement.lang = next
}

async function speakOf(part: keyof Parts): Promise<void> {
  needed.add(part)
  await add(i18n.global.locale.value, load[i18n.global.locale.value][part])
}

/** Loads the words of all pages, in this language and in every other that is chosen later. */
export const speakOfAll = (): Promise<void> => speakOf('later')

/** The same for the words of the portal. */
export const speakOfPortal = (): Promise<void> => speakOf('portal')

watch(language, (next) => speak(next))
