import { useI18n } from 'vue-i18n'
import type { RefusalParts } from '@/api/refusal'

/** Says a refusal in the person's language; what we have no words for is said in the server's. */
export function useRefusalText() {
  const { t, te } = useI18n()
  return (refusal: Pick<RefusalParts, 'code' | 'message'>): string => {
    const key = `refusal.${refusal.code}`
    return te(key) ? t(key) : refusal.message
  }
}
