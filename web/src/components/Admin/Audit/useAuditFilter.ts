import { computed } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import { useQueryParam } from '@/composables/useQueryParam'
import type { AuditAuthor, AuditFilter } from '@/gql/graphql'

const day = /^\d{4}-\d{2}-\d{2}$/

/** Which lines of the audit log are wanted, as the address says. Days are those of the person at the screen, the last one included. */
export function useAuditFilter() {
  const route = useRoute()
  const router = useRouter()
  const action = useQueryParam('action')
  const author = useQueryParam('author')
  const subject = useQueryParam('subject')
  const from = useQueryParam('from')
  const until = useQueryParam('until')

  const filter = computed<AuditFilter>(() => ({
    ...(action.value && { actions: [action.value] }),
    ...(author.value && { authors: [author.value as AuditAuthor] }),
    ...(subject.value.trim() && { subjectId: subject.value.trim() }),
    ...(day.test(from.value) && { from: startOf(from.value, 0) }),
    ...(day.test(until.value) && { until: startOf(until.value, 1) }),
  }))

  return {
    action,
    author,
    subject,
    from,
    until,
    filter,
    isFiltered: computed(() => Object.keys(filter.value).length > 0),
    clear: () => void router.replace({ query: {}, hash: route.hash }),
  }
}

/** The first moment of a day, or of one so many days later. */
function startOf(text: string, later: number): string {
  const [year = 0, month = 1, date = 1] = text.split('-').map(Number)
  return new Date(year, month - 1, date + later).toISOString()
}
