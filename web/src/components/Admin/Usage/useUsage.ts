import { useQuery } from '@vue/apollo-composable'
import { computed, onScopeDispose, shallowRef, watch } from 'vue'
import { subscribe } from '@/api/socket'
import { useViewer } from '@/composables/useViewer'
import { UsageChangedDocument, UsageDocument, type UsagePartsFragment } from '@/gql/graphql'

/** What the organisation uses, live. */
export function useUsage() {
  const { viewer } = useViewer()
  const reads = computed(() => viewer.value?.scopes.includes('usage:read') ?? false)
  const manages = computed(() => viewer.value?.scopes.includes('plan:manage') ?? false)
  const { result, loading, error, refetch } = useQuery(UsageDocument, {}, () => ({
    enabled: reads.value,
    fetchPolicy: 'cache-and-network',
  }))
  const heard = shallowRef<readonly UsagePartsFragment[]>()
  let stop = () => {}
  watch(
    reads,
    (allowed) => {
      stop()
      if (!allowed) return
      stop = subscribe(
        UsageChangedDocument,
        {},
        {
          next: ({ usageChanged }) => (heard.value = usageChanged),
          error: () => undefined,
          connected: () => undefined,
        },
      )
    },
    { immediate: true },
  )
  onScopeDispose(() => stop())
  return {
    viewer,
    reads,
    manages,
    loading: computed(() => loading.value && !result.value),
    failed: computed(() => Boolean(error.value) && !result.value),
    usage: computed(() => heard.value ?? result.value?.usage ?? []),
    plan: computed(() => result.value?.viewer?.organization.plan),
    refetch: async (): Promise<void> => {
      heard.value = undefined
      await refetch()
    },
  }
}
