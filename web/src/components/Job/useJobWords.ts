import { useI18n } from 'vue-i18n'
import { useFormat } from '@/composables/useFormat'
import type { JobRowFragment } from '@/gql/graphql'

/** What calls are called, and how their measures are written. */
export function useJobWords() {
  const { t, te } = useI18n()
  const format = useFormat()
  return {
    /** What a call was for, in the reader's language where there is a word for it. */
    task(task: string): string {
      const key = `jobTask.${task.replaceAll(' ', '_')}`
      return te(key) ? t(key) : task
    },
    /** `731 → 12 jetons`: sent and written, as far as the server counted them. */
    tokens({ inputTokens, outputTokens }: Pick<JobRowFragment, 'inputTokens' | 'outputTokens'>): string {
      if (inputTokens === null) return ''
      const sent = format.value.number(inputTokens)
      if (outputTokens === null) return t('jobs.tokensIn', { sent }, inputTokens)
      return t('jobs.tokensInOut', { sent, written: format.value.number(outputTokens) })
    },
  }
}
