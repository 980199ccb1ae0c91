import { useQuery } from '@vue/apollo-composable'
import { computed } from 'vue'
import { CollectionDocument, CollectionsDocument } from '@/gql/graphql'
import { useLiveCollections } from './useLiveCollections'

/**
 * The organisation's collections, kept up to date, and the one that is chosen; `gone` when there is none under its id. `changed` runs soon after
 * one of them has changed.
 */
export function useCollections(chosenId: () => string, changed: () => Promise<unknown> = () => Promise.resolve()) {
  const all = useQuery(CollectionsDocument, { first: 100 })
  const collections = computed(() => all.result.value?.collections.nodes ?? [])
  const listed = computed(() => collections.value.find(({ id }) => id === chosenId()))
  // Beyond the first hundred, or gone.
  const alone = useQuery(
    CollectionDocument,
    () => ({ id: chosenId() }),
    () => ({ enabled: chosenId() !== '' && all.result.value !== undefined && !listed.value }),
  )
  const chosen = computed(() => {
    const found = alone.result.value?.collection
    return listed.value ?? (found?.id === chosenId() ? found : undefined)
  })
  const gone = computed(() => chosenId() !== '' && !chosen.value && alone.result.value?.collection === null)
  useLiveCollections(() => Promise.all([all.refetch(), changed()]))
  return { collections, chosen, gone }
}
