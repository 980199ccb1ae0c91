import { useI18n } from 'vue-i18n'
import type { RefusalParts } from '@/api/refusal'
import { useRefusalText } from '@/composables/useRefusalText'

/** Says why the house does not take what a client sends, in words for somebody who knows nothing of roles and plans. */
export function useAskingWords() {
  const { t, te } = useI18n()
  const refusalText = useRefusalText()
  return (refusal: RefusalParts): string => {
    const key = `portal.refusal.${refusal.code}`
    return te(key) ? t(key) : refusalText(refusal)
  }
}
