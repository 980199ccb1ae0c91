import { useQuery } from '@vue/apollo-composable'
import { computed, type ComputedRef } from 'vue'
import { SignUpOpenDocument } from '@/gql/graphql'

/** Whether strangers may open an organisation here; undefined until the server has said so. Where it does not answer, it is tried and refused. */
export function useSignUpOpen(): ComputedRef<boolean | undefined> {
  const { result, error } = useQuery(SignUpOpenDocument)
  return computed(() => result.value?.isSignUpOpen ?? (error.value ? true : undefined))
}
