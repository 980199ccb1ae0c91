import { computed, ref, shallowRef, watch, type Ref } from 'vue'
import { apollo } from '@/api/client'
import { GraphPathDocument, NeighbourhoodDocument, type GraphPathQuery } from '@/gql/graphql'
import { toQuery, type GraphFilter } from './filter'
import { addNeighbourhood, emptyPicture, pictureLimit } from './picture'

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
  let turn = 0

  async function grow(id: string, fresh: boolean): Promise<void> {
    const mine = ++turn
    loading.value = true
    failed.value = false
    try {
      const { data } = await apollo.query({
        query: NeighbourhoodDocument,
        variables: { id, depth: depth.value, first: pictureLimit, ...toQuery(filter.value) },
      })
      if (mine !== turn) return
      const found = data.neighbourhood
      failed.value = !data
      if (found) picture.value = addNeighbourhood(fresh ? emptyPicture : picture.value, found)
      else if (fresh) picture.value = emptyPicture
    } catch {
      if (mine === turn) failed.value = true
    } finally {
      if (mine === turn) loading.value = false
    }
  }

  async function findPath(from: string, end: string): Promise<void> {
    const { data } = await apollo
      .query({ query: GraphPathDocument, variables: { from, to: end, maxDepth: 4 } })
      .catch(() => ({ data: undefined }))
    if (to.value !== end) return
    path.value = data?.path ?? null
    if (path.value)
      picture.value = addNeighbourhood(picture.value, { ...toNeighbourhood(path.value), truncated: false })
  }

  watch(chosen, (id) => void (id ? grow(id, !picture.value.entities.has(id)) : (picture.value = emptyPicture)), {
    immediate: true,
  })
  watch([depth, filter], () => chosen.value && void grow(chosen.value, true))
  watch(
    to,
    (end) => {
      path.value = undefined
      if (end && chosen.value) void findPath(chosen.value, end)
    },
    { immediate: true },
  )

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
