import type { TypedDocumentNode } from '@graphql-typed-document-node/core'
import { useQuery } from '@vue/apollo-composable'
import { until } from '@vueuse/core'
import { computed, ref, toValue, type MaybeRefOrGetter, type Ref } from 'vue'
import { askAgain } from './ask-again'

interface Connection<N> {
  nodes: N[]
  pageInfo: { hasNextPage: boolean; endCursor: string | null }
  totalCount?: number
}

export interface PagesOptions<R, N> {
  /** Finds the connection in the answer; nothing when another subgraph could not give it. */
  pick: (result: R) => Connection<N> | null | undefined
  enabled?: MaybeRefOrGetter<boolean>
}

/** What a list that is read page by page shows of itself. */
export interface Pages<N> {
  nodes: Readonly<Ref<N[]>>
  total: Readonly<Ref<number | undefined>>
  hasMore: Readonly<Ref<boolean>>
  loading: Readonly<Ref<boolean>>
  refreshing: Readonly<Ref<boolean>>
  error: Readonly<Ref<unknown>>
  loadingMore: Readonly<Ref<boolean>>
  more(): Promise<void>
  refetch(): Promise<void>
  /** Asks again without a sign of it: for what is told, or looked after, by itself. */
  look(): Promise<void>
}

/**
 * A list read page by page. While a changed filter loads, the rows of the previous one stay (`refreshing`); `loading` is true only
 * when there is nothing to show yet. `more` adds the next page.
 */
export function usePages<R, V extends { after?: string | null | undefined }, N>(
  document: TypedDocumentNode<R, V>,
  variables: () => V,
  { pick, enabled = true }: PagesOptions<R, N>,
) {
  const query = useQuery<R, V>(document, variables, () => ({ enabled: toValue(enabled), keepPreviousResult: true }))
  const loadingMore = ref(false)
  const looking = ref(0)
  const connection = computed(() => (query.result.value ? (pick(query.result.value) ?? undefined) : undefined))

  async function more(): Promise<void> {
    if (!connection.value?.pageInfo.endCursor || loadingMore.value) return
    loadingMore.value = true
    const list = JSON.stringify(variables())
    try {
      // The rows that are being read anew may end elsewhere: what follows them is asked for once they are there.
      await until(query.loading).toBe(false)
      const after = connection.value?.pageInfo.endCursor
      if (after && list === JSON.stringify(variables())) await query.fetchMore({ variables: { ...variables(), after } })
    } finally {
      loadingMore.value = false
    }
  }

  return {
    nodes: computed<N[]>(() => connection.value?.nodes ?? []),
    total: computed(() => connection.value?.totalCount),
    hasMore: computed(() => connection.value?.pageInfo.hasNextPage ?? false),
    loading: computed(() => query.loading.value && !connection.value),
    refreshing: computed(
      () => query.loading.value && connection.value !== undefined && !loadingMore.value && !looking.value,
    ),
    error: computed(() => (connection.value ? null : query.error.value)),
    loadingMore,
    more,
    result: query.result,
    refetch: () => askAgain(query),
    async look() {
      looking.value++
      try {
        await askAgain(query)
      } finally {
        looking.value--
      }
    },
  }
}
