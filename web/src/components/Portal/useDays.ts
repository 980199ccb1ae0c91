import { computed } from 'vue'
import { useI18n } from 'vue-i18n'
import { createDayFormats } from './days'

/** Days as the current language writes them. */
export function useDays() {
  const { locale } = useI18n()
  return computed(() => createDayFormats(locale.value === 'en' ? 'en-GB' : 'fr-FR'))
}
