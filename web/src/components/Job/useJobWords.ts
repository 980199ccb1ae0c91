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
    tokens({ inputTokens, outputTokens }: Pick<JobRowFragment, 'inputTokens' | 'outputTokens'>): string {
      return t('jobs.tokensInOut', {
        sent: inputTokens === null ? '—' : format.value.number(inputTokens),
        written: outputTokens === null ? '—' : format.value.number(outputTokens),
      })
    },
  }
}
