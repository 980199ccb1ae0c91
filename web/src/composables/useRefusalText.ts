import { useI18n } from 'vue-i18n'
import type { RefusalParts } from '@/api/refusal'

/**
 * Says a refusal in the person's language: by the field it speaks about, else by its code. What we have no words for is said in the
 * server's.
 */
export function useRefusalText() {
  const { t, te } = useI18n()
  return ({ code, message, path }: Pick<RefusalParts, 'code' | 'message' | 'path'>): string => {
    const key = [`invalid.${path?.at(-1) ?? ''}`, `refusal.${code}`].find((candidate) => te(candidate))
    return key ? t(key) : message
  }
}
