import { ApolloError } from '@apollo/client/core'
import type { TypedDocumentNode } from '@graphql-typed-document-node/core'
import { useToast } from '@nuxt/ui/composables/useToast'
import { DefaultApolloClient } from '@vue/apollo-composable'
import { inject, ref } from 'vue'
import { apollo } from '@/api/client'
import { isRefusal, type RefusalParts } from '@/api/refusal'
import { useRefusalText } from './useRefusalText'

/** The API could not be reached or failed: an answer of this app's own making, told apart by its name like the others. */
export interface Outage extends RefusalParts {
  __typename: 'Outage'
}

type Answer<R> = R[Exclude<keyof R, '__typename'>]
type Refused<A> = Extract<A, { code: string; message: string }>
type Done<A> = Exclude<A, Refused<A>>

/**
 * A mutation that answers a union. `attempt` gives every answer, an outage included, and never throws; `run` tells refusals to the
 * person and gives only success.
 */
export function useAction<R extends Record<string, unknown>, V extends Record<string, unknown>>(
  document: TypedDocumentNode<R, V>,
) {
  const busy = ref(false)
  const client = inject(DefaultApolloClient, apollo)
  const toast = useToast()
  const refusalText = useRefusalText()

  async function attempt(variables: V): Promise<Answer<R> | Outage> {
    busy.value = true
    try {
      const { data } = await client.mutate<R, Record<string, unknown>>({ mutation: document, variables })
      const answer = Object.entries(data ?? {}).find(([name]) => name !== '__typename')?.[1]
      return (answer as Answer<R> | undefined) ?? outage(new Error('no answer'))
    } catch (error) {
      return outage(error)
    } finally {
      busy.value = false
    }
  }

  async function run(variables: V): Promise<Done<Answer<R>> | undefined> {
    const answer = (await attempt(variables)) as { __typename: string }
    if (!isRefusal(answer)) return answer as Done<Answer<R>>
    toast.add({ title: refusalText(answer), color: 'error', icon: 'i-lucide-circle-alert' })
    return undefined
  }

  return { attempt, run, busy }
}

/** What somebody can do something about: wait, or load the page of the server's new version. */
const told = ['RATE_LIMITED', 'DOCUMENT_NOT_TRUSTED']

/** What was thrown, as an answer; it keeps its code where that tells the person what helps. */
function outage(error: unknown): Outage {
  const errors = error instanceof ApolloError ? [...error.graphQLErrors, ...errorsOf(error.networkError)] : []
  const code = told.find((each) => errors.some(({ extensions }) => extensions?.['code'] === each)) ?? 'OUTAGE'
  return { __typename: 'Outage', code, message: error instanceof Error ? error.message : String(error) }
}

/** The errors of a refusal that came with a status of its own. */
function errorsOf(error: ApolloError['networkError']): readonly { extensions?: Record<string, unknown> }[] {
  if (!error || !('result' in error) || typeof error.result === 'string') return []
  const { errors } = error.result as { errors?: { extensions?: Record<string, unknown> }[] }
  return errors ?? []
}
