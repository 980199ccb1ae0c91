import { useLocalStorage } from '@vueuse/core'
import { computed, type Ref } from 'vue'
import type { PullPartsFragment } from '@/gql/graphql'

/**
 * Of the pulls, the newest first, those worth a look: what is on its way, and what failed, unless it was asked for again since or put away. What is put away
 * stays so in this browser.
 */
export function useShownPulls(pulls: Readonly<Ref<readonly PullPartsFragment[]>>) {
  const away = useLocalStorage<string[]>('passerelle.pulls-put-away', [])
  const isNewest = ({ id, model }: PullPartsFragment) => pulls.value.find((other) => other.model === model)?.id === id
  const shownPulls = computed(() =>
    pulls.value.filter(
      (pull) => pull.cancellable || (pull.state === 'FAILED' && isNewest(pull) && !away.value.includes(pull.id)),
    ),
  )

  /** Of those before it, only what the server still tells of is remembered. */
  function putAway(id: string): void {
    const known = new Set(pulls.value.map((pull) => pull.id))
    away.value = [...away.value.filter((each) => known.has(each)), id]
  }

  return { shownPulls, putAway }
}
