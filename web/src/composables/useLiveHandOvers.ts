import { createEventHook } from '@vueuse/core'
import { computed, onScopeDispose, shallowReactive, watch, type ComputedRef } from 'vue'
import { alone, apollo } from '@/api/client'
import { subscribe } from '@/api/socket'
import {
  HandOverPartsFragmentDoc,
  HandOversChangedDocument,
  OpenHandOversDocument,
  type HandOverPartsFragment,
} from '@/gql/graphql'
import { createCount } from './count'
import { useSoon } from './useSoon'
import { useViewer } from './useViewer'

const changes = createEventHook<string>()

/** Hears the id of every hand-over that changed, while the calling component lives. */
export const onHandOverChange = changes.on

const waiting = createCount()

/** How many wait for somebody to take them; 0 for who may not. */
export const waitingHandOvers = waiting.value

/** What is known of one's own answers' hand-overs since the page was opened, by answer. */
const ofAnswers = shallowReactive(new Map<string, HandOverPartsFragment>())

/** Takes over what a mutation answered or the server told, so that everything on screen shows it. */
export function rememberHandOver(handOver: HandOverPartsFragment): void {
  const { cache } = apollo
  cache.writeFragment({
    id: cache.identify({ __typename: 'HandOver', id: handOver.id }),
    fragment: HandOverPartsFragmentDoc,
    fragmentName: 'HandOverParts',
    data: handOver,
  })
  const { answer, updatedAt } = handOver
  if (answer && updatedAt >= (ofAnswers.get(answer.id)?.updatedAt ?? '')) ofAnswers.set(answer.id, handOver)
}

/** The hand-over of an answer: as it came with the answer, or as it was heard of later. */
export function useHandOverOf(
  answer: () => { id: string; handOver?: HandOverPartsFragment | null },
): ComputedRef<HandOverPartsFragment | undefined> {
  return computed(() => {
    const { id, handOver } = answer()
    const heard = ofAnswers.get(id)
    if (!heard || !handOver) return heard ?? handOver ?? undefined
    return heard.updatedAt > handOver.updatedAt ? heard : handOver
  })
}

/** Keeps every hand-over on screen, and the count of those that wait, up to date for as long as the shell is shown. */
export function useLiveHandOvers(): void {
  const { viewer } = useViewer()
  const may = (scope: string): boolean => viewer.value?.scopes.includes(scope) ?? false
  const variables: { after?: string } = {}
  let stop = () => {}
  const count = async (): Promise<void> => {
    if (!may('question:answer')) return
    await waiting.ask(async () => {
      const { data } = await apollo.query({ query: OpenHandOversDocument, fetchPolicy: 'network-only', ...alone })
      return data?.handOvers.totalCount
    })
  }
  const soon = useSoon(count, 500)

  watch(
    () => may('answer:ask'),
    (allowed) => {
      stop()
      waiting.tell(0)
      if (!allowed) return
      count().catch(() => undefined)
      stop = subscribe(HandOversChangedDocument, variables, {
        next: ({ handOversChanged: { id, cursor, handOver } }) => {
          variables.after = cursor
          if (handOver) rememberHandOver(handOver)
          waiting.doubt()
          soon()
          void changes.trigger(id)
        },
        error: () => undefined,
        connected: () => soon(),
      })
    },
    { immediate: true },
  )
  onScopeDispose(() => {
    stop()
    waiting.tell(0)
    ofAnswers.clear()
  })
}
