import { useQuery } from '@vue/apollo-composable'
import { computed, onScopeDispose, shallowRef, toValue, watch, type MaybeRefOrGetter } from 'vue'
import { apollo } from '@/api/client'
import { randomId } from '@/api/random-id'
import type { RefusalParts } from '@/api/refusal'
import { connection, subscribe } from '@/api/socket'
import {
  AskDocument,
  AskStreamDocument,
  ConversationDocument,
  type AnswerPartsFragment,
  type AskInput,
} from '@/gql/graphql'
import { followAnswer, type AnswerStreamOptions, type Turn } from './answer-stream'

const patienceMs = 4000

const options: AnswerStreamOptions = {
  stream: (input, { next, ...sink }) =>
    subscribe(AskStreamDocument, { input }, { ...sink, next: ({ askStream }) => next(askStream) }),
  ask: (input) => askInOnePiece(input),
  nextFrame: (paint) => void requestAnimationFrame(paint),
  afterPatience: (act) => {
    const timer = setTimeout(() => connection.value !== 'live' && act(), patienceMs)
    return () => clearTimeout(timer)
  },
}

async function askInOnePiece(
  input: AskInput,
): Promise<({ __typename: 'Answer' } & AnswerPartsFragment) | RefusalParts> {
  try {
    const { data } = await apollo.mutate({ mutation: AskDocument, variables: { input }, fetchPolicy: 'no-cache' })
    if (data) return data.ask
  } catch {
    // Told below like any other outage.
  }
  return { __typename: 'Outage', code: 'OUTAGE', message: 'no answer' }
}

/** The turns of a conversation: those the server kept, then those asked since this page was opened. */
export function useAsking(conversationId: MaybeRefOrGetter<string | undefined>, onConversation: (id: string) => void) {
  const asked = shallowRef<Turn[]>([])
  let current: ReturnType<typeof followAnswer> | undefined
  let own: string | undefined

  const { result, loading, error, refetch } = useQuery(
    ConversationDocument,
    () => ({ id: toValue(conversationId) ?? '', first: 50 }),
    () => ({
      enabled: Boolean(toValue(conversationId)) && toValue(conversationId) !== own,
      fetchPolicy: 'network-only',
    }),
  )

  watch(
    () => toValue(conversationId),
    (id) => {
      if (id && id === own) return
      current?.stop()
      own = undefined
      asked.value = []
    },
  )

  const kept = computed<Turn[]>(() => {
    const conversation =
      toValue(conversationId) && toValue(conversationId) !== own ? result.value?.conversation : undefined
    const answers = conversation?.answers?.nodes ?? []
    return answers.toSorted((a, b) => a.createdAt.localeCompare(b.createdAt)).map(toTurn)
  })

  async function ask(question: string, documentIds: readonly string[]): Promise<void> {
    const input = {
      requestId: randomId(),
      question,
      conversationId: toValue(conversationId),
      documentIds: documentIds.length > 0 ? [...documentIds] : undefined,
    }
    const mine = (current = followAnswer(input, options))
    asked.value = [...asked.value, mine.turn]
    const { answer } = await mine.finished
    if (!answer || mine !== current || answer.conversationId === toValue(conversationId)) return
    own = answer.conversationId
    onConversation(answer.conversationId)
  }

  onScopeDispose(() => current?.stop())

  return {
    turns: computed(() => [...kept.value, ...asked.value]),
    loading: computed(() => loading.value && kept.value.length === 0),
    missing: computed(() =>
      Boolean(toValue(conversationId) && result.value && !result.value.conversation && !loading.value),
    ),
    failed: computed(() => Boolean(error.value) && kept.value.length === 0),
    refetch,
    ask,
    stop: () => current?.stop(),
  }
}

function toTurn(answer: AnswerPartsFragment): Turn {
  return { key: answer.id, question: answer.question, state: 'answered', text: answer.text, answer }
}
