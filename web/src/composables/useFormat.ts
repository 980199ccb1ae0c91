import { computed } from 'vue'
import { useI18n } from 'vue-i18n'
import { createFormats, type Formats } from './formats'

/** Dates, numbers and sizes as the current language writes them. */
export function useFormat() {
  const { locale } = useI18n()
  const formats = computed<Formats>(() => createFormats(locale.value === 'en' ? 'en-GB' : 'fr-FR'))
  return formats
}
