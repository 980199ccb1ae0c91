import { computed, ref } from 'vue'
import { isRefusal } from '@/api/refusal'
import { useAction } from '@/composables/useAction'
import { rememberApproval } from '@/composables/useLiveApprovals'
import { useRefusalText } from '@/composables/useRefusalText'
import {
  ApproveActionDocument,
  CancelActionDocument,
  RejectActionDocument,
  RetryActionDocument,
  type ApprovalPartsFragment,
} from '@/gql/graphql'

/** What a person does with a proposal. Each answers true when it is done; why it was not stands in `error`. */
export function useApprovalActions() {
  const refusalText = useRefusalText()
  const approving = useAction(ApproveActionDocument)
  const rejecting = useAction(RejectActionDocument)
  const cancelling = useAction(CancelActionDocument)
  const retrying = useAction(RetryActionDocument)
  const error = ref<string>()

  type Answer = { __typename: string } & Partial<ApprovalPartsFragment>

  function conclude(answer: Answer): boolean {
    error.value = isRefusal(answer) ? refusalText(answer) : undefined
    if (error.value !== undefined) return false
    rememberApproval(answer as ApprovalPartsFragment)
    return true
  }

  return {
    error,
    busy: computed(() => [approving, rejecting, cancelling, retrying].some((action) => action.busy.value)),
    approve: async (id: string, payload: unknown, reason: string) =>
      conclude(await approving.attempt({ id, ...(payload !== undefined && { payload }), ...(reason && { reason }) })),
    reject: async (id: string, reason: string) => conclude(await rejecting.attempt({ id, reason })),
    cancel: async (id: string) => conclude(await cancelling.attempt({ id })),
    retry: async (id: string) => conclude(await retrying.attempt({ id })),
  }
}
