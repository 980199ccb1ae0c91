import type { TypedDocumentNode } from '@graphql-typed-document-node/core'
import { useQuery } from '@vue/apollo-composable'
import { refDebounced } from '@vueuse/core'
import { computed, ref, watch } from 'vue'
import type { Named } from './named'

/** How many are shown at a time. */
const atOnce = 8

/** What a picker shows while somebody types: what was found for it, or for what was typed before as long as `loading` is true. */
export function useFinding<R>(
  document: TypedDocumentNode<R, { first?: number | null; search?: string | null }>,
  toNamed: (result: R) => Named[],
) {
  const opened = ref(false)
  const search = ref('')
  const asked = refDebounced(search, 200)
  const answered = ref(false)
  const { result, loading, onResult, onError } = useQuery<R, { first?: number | null; search?: string | null }>(
    document,
    () => ({ first: atOnce, ...(asked.value && { search: asked.value }) }),
    () => ({ enabled: opened.value, keepPreviousResult: true, fetchPolicy: 'cache-and-network' }),
  )
  // The query begins a moment after its words have changed, and shows what it had until then.
  watch(asked, () => (answered.value = false), { flush: 'sync' })
  onResult(({ loading: still }) => (answered.value = !still))
  onError(() => (answered.value = true))
  return {
    search,
    found: computed(() => (result.value ? toNamed(result.value) : [])),
    loading: computed(() => opened.value && (loading.value || !answered.value || asked.value !== search.value)),
    open: () => void (opened.value = true),
  }
}
