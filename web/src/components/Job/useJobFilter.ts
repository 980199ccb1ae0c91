import { computed } from 'vue'
import { useQueryParam } from '@/composables/useQueryParam'
import { useViewer } from '@/composables/useViewer'
import type { JobFilter } from '@/gql/graphql'
import { jobOutcomes } from './job-outcome'

const dayMs = 86_400_000
const days: Record<string, number> = { day: 1, week: 7, month: 30 }

/** The filter of the journal, kept in the address. */
export function useJobFilter() {
  const text = useQueryParam('q')
  const task = useQueryParam('task')
  const model = useQueryParam('model')
  const outcome = useQueryParam('outcome')
  const period = useQueryParam('period')
  const whose = useQueryParam('whose')
  const { viewer } = useViewer()
  const since = computed(() => {
    const length = days[period.value]
    // To the hour: what is asked for must not change with every look at the clock.
    return length ? new Date(Math.floor(Date.now() / 3_600_000) * 3_600_000 - length * dayMs).toISOString() : undefined
  })
  const filter = computed<JobFilter>(() => ({
    text: text.value || undefined,
    task: task.value || undefined,
    model: model.value || undefined,
    outcome: jobOutcomes.find((candidate) => candidate === outcome.value),
    from: since.value,
    userId: whose.value === 'mine' ? viewer.value?.user?.id : undefined,
  }))
  const active = computed(() => [text, task, model, outcome, period, whose].some(({ value }) => value !== ''))
  return { text, task, model, outcome, period, whose, filter, active, periods: Object.keys(days) }
}
