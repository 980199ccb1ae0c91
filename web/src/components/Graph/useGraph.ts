import { computed, ref, shallowRef, watch, type Ref } from 'vue'
import { apollo } from '@/api/client'
import { useTurn } from '@/composables/useTurn'
import { GraphPathDocument, NeighbourhoodDocument, type GraphPathQuery } from '@/gql/graphql'
import { toQuery, type GraphFilter } from './filter'
import { addNeighbourhood, emptyPicture, pictureLimit, type Picture } from './picture'

type Path = NonNullable<GraphPathQuery['path']>

/**
 * The picture around a chosen entity. Choosing one that is already drawn adds its neighbours; choosing one from elsewhere begins a new
 * picture. `to` names the other end of a path, which is then drawn with its neighbours left as they are.
 */
export function useGraph({
  chosen,
  depth,
  to,
  filter,
}: {
  chosen: Ref<string>
  depth: Ref<number>
  to: Ref<string>
  filter: Ref<GraphFilter>
}) {
  const picture = shallowRef(emptyPicture)
  /** Null when there is none, undefined until that is known. */
  const path = shallowRef<Path | null>()
  const loading = ref(false)
  const failed = ref(false)
  const beginGrowing = useTurn()
  const beginFinding = useTurn()

  /** With the path in it, whichever of the two came first. */
  const withPath = (base: Picture): Picture =>
    path.value ? addNeighbourhood(base, { ...toNeighbourhood(path.value), truncated: false }) : base

  async function grow(id: string, fresh: boolean): Promise<void> {
    const isMine = beginGrowing()
    loading.value = true
    failed.value = false
    try {
      const { data } = await apollo.query({
        query: NeighbourhoodDocument,
        variables: { id, depth: depth.value, first: pictureLimit, ...toQuery(filter.value) },
      })
      if (!isMine()) return
      const found = data.neighbourhood
      failed.value = !data
      if (found) picture.value = withPath(addNeighbourhood(fresh ? emptyPicture : picture.value, found))
      else if (fresh) picture.value = emptyPicture
    } catch {
      if (isMine()) failed.value = true
    } finally {
      if (isMine()) loading.value = false
    }
  }

  async function findPath(from: string, end: string): Promise<void> {
    const isMine = beginFinding()
    path.value = undefined
    if (!from || !end) return
    const { data } = await apollo
      .query({ query: GraphPathDocument, variables: { from, to: end, maxDepth: 4 } })
      .catch(() => ({ data: undefined }))
    if (!isMine()) return
    path.value = data?.path ?? null
    picture.value = withPath(picture.value)
  }

  function leave(): void {
    beginGrowing()
    picture.value = emptyPicture
    loading.value = false
    failed.value = false
  }

  watch(chosen, (id) => void (id ? grow(id, !picture.value.entities.has(id)) : leave()), { immediate: true })
  watch([depth, filter], () => chosen.value && void grow(chosen.value, true))
  watch([chosen, to], ([from, end]) => void findPath(from, end), { immediate: true })

  return {
    picture,
    path,
    loading,
    failed,
    pathIds: computed(() => path.value?.entities.map(({ id }) => id) ?? []),
    expand: () => grow(chosen.value, false),
    retry: () => grow(chosen.value, true),
  }
}

function toNeighbourhood({ entities, steps }: Path) {
  return { entities, relations: steps.map(({ from, to, type, weight }) => ({ from, to, type, weight })) }
}
