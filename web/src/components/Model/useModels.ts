import { useQuery } from '@vue/apollo-composable'
import { useIntervalFn } from '@vueuse/core'
import { computed, onScopeDispose, shallowRef, watch } from 'vue'
import { subscribe } from '@/api/socket'
import { useViewer } from '@/composables/useViewer'
import {
  InferenceQueueChangedDocument,
  ModelKeepingDocument,
  ModelPullChangedDocument,
  ModelsDocument,
  type PullPartsFragment,
  type QueuePartsFragment,
} from '@/gql/graphql'

/** What is loaded on the card changes without a word. */
const lookEveryMs = 10_000

/** Models, servers and tasks of the house; pulls and backups for who may change them. */
export function useModels() {
  const { viewer } = useViewer()
  const may = (scope: string) => computed(() => viewer.value?.scopes.includes(scope) ?? false)
  const [asks, manages] = [may('answer:ask'), may('model:manage')]
  const all = useQuery(ModelsDocument, {}, () => ({ enabled: asks.value, fetchPolicy: 'cache-and-network' }))
  const kept = useQuery(ModelKeepingDocument, {}, () => ({ enabled: manages.value, fetchPolicy: 'cache-and-network' }))
  const heard = shallowRef(new Map<string, PullPartsFragment>())

  const refetch = async (): Promise<void> => {
    await Promise.all([asks.value && all.refetch(), manages.value && kept.refetch()])
  }
  const soon = () => void refetch().catch(() => undefined)
  useIntervalFn(() => asks.value && void all.refetch()?.catch(() => undefined), lookEveryMs)

  let stop = () => {}
  watch(
    manages,
    (allowed) => {
      stop()
      if (!allowed) return
      stop = subscribe(
        ModelPullChangedDocument,
        {},
        {
          next: ({ modelPullChanged: pull }) => {
            heard.value = new Map(heard.value).set(pull.id, pull)
            if (!pull.cancellable) soon()
          },
          error: () => undefined,
          connected: soon,
        },
      )
    },
    { immediate: true },
  )
  onScopeDispose(() => stop())

  return {
    viewer,
    asks,
    manages,
    loading: computed(() => all.loading.value && !all.result.value),
    failed: computed(() => Boolean(all.error.value) && !all.result.value),
    models: computed(() => all.result.value?.models ?? []),
    providers: computed(() => all.result.value?.modelProviders ?? []),
    routes: computed(() => all.result.value?.modelRoutes ?? []),
    backups: computed(() => kept.result.value?.modelBackups ?? []),
    pulls: computed(() => {
      const asked = kept.result.value?.modelPulls ?? []
      const known = new Set(asked.map(({ id }) => id))
      const fresh = [...heard.value.values()].filter(({ id }) => !known.has(id))
      return [...fresh, ...asked.map((pull) => heard.value.get(pull.id) ?? pull)]
    }),
    refetch,
  }
}

/** The queue in front of the models, as it changes. */
export function useInferenceQueue() {
  const { viewer } = useViewer()
  const queue = shallowRef<QueuePartsFragment>()
  let stop = () => {}
  watch(
    () => viewer.value !== undefined,
    (known) => {
      stop()
      if (!known) return
      stop = subscribe(
        InferenceQueueChangedDocument,
        {},
        { next: ({ inferenceQueueChanged }) => (queue.value = inferenceQueueChanged), error: () => undefined },
      )
    },
    { immediate: true },
  )
  onScopeDispose(() => stop())
  return queue
}
