import { useI18n } from 'vue-i18n'

/** Words for the names of a document's fields. */
export function useFieldWords() {
  const { t, te } = useI18n()
  return {
    fieldName(name: string): string {
      const key = `field.${name.replaceAll('.', '_')}`
      return te(key) ? t(key) : sentence(name)
    },
  }
}

function sentence(name: string): string {
  const words = name.replaceAll(/[_.]+/g, ' ').trim()
  return words.charAt(0).toUpperCase() + words.slice(1)
}
