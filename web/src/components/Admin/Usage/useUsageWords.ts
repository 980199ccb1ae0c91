import { computed } from 'vue'
import { useI18n } from 'vue-i18n'
import { withFirsts } from '@/composables/formats'
import { useFormat } from '@/composables/useFormat'
import type { UsageMetric } from '@/gql/graphql'

/** In the order in which they are shown. */
export const usageMetrics: readonly { metric: UsageMetric; icon: string }[] = [
  { metric: 'DOCUMENTS', icon: 'i-lucide-files' },
  { metric: 'STORAGE_BYTES', icon: 'i-lucide-hard-drive' },
  { metric: 'PAGES', icon: 'i-lucide-book-open-text' },
  { metric: 'TOKENS', icon: 'i-lucide-text-cursor-input' },
  { metric: 'GPU_SECONDS', icon: 'i-lucide-cpu' },
  { metric: 'REQUESTS', icon: 'i-lucide-arrow-right-left' },
]

/** Names of measures, and amounts of them. */
export function useUsageWords() {
  const { t } = useI18n()
  const format = useFormat()
  return computed(() => ({
    name: (metric: UsageMetric): string => t(`usage.metrics.${metric}`),
    amount(metric: UsageMetric, amount: number): string {
      if (metric === 'STORAGE_BYTES') return format.value.bytes(amount)
      if (metric === 'GPU_SECONDS') return amount === 0 ? '0 s' : format.value.duration(amount * 1000)
      return format.value.number(amount)
    },
    /** The day of a moment in Paris, whose months are counted. */
    dayInParis: (iso: string): string =>
      withFirsts(
        format.value.tag,
        new Intl.DateTimeFormat(format.value.tag, { dateStyle: 'long', timeZone: 'Europe/Paris' }).format(
          new Date(iso),
        ),
      ),
  }))
}
