import { useI18n } from 'vue-i18n'

/** What a store of the house is called for people; one without words is told by its own name. */
export function useStoreWords(): (store: string) => string {
  const { t, te } = useI18n()
  return (store) => {
    const key = `privacy.stores.${store.replace('.', '_')}`
    return te(key) ? t(key) : store
  }
}
