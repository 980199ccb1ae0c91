import { createEventHook } from '@vueuse/core'
import { onScopeDispose, watch } from 'vue'
import { alone, apollo } from '@/api/client'
import { subscribe } from '@/api/socket'
import {
  ApprovalChangedDocument,
  ApprovalPartsFragmentDoc,
  DecidableApprovalsDocument,
  type ApprovalPartsFragment,
} from '@/gql/graphql'
import { createCount } from './count'
import { useSoon } from './useSoon'
import { useViewer } from './useViewer'

const changes = createEventHook<string>()

/** Hears the id of every approval that changed, while the calling component lives. */
export const onApprovalChange = changes.on

const decidable = createCount()

/** How many wait for the decision of the person at the screen. */
export const decidableApprovals = decidable.value

/** Takes over what a mutation answered or the server told, so that everything on screen shows it. */
export function rememberApproval(approval: ApprovalPartsFragment): void {
  const { cache } = apollo
  cache.writeFragment({
    id: cache.identify({ __typename: 'Approval', id: approval.id }),
    fragment: ApprovalPartsFragmentDoc,
    fragmentName: 'ApprovalParts',
    data: approval,
  })
}

/** Keeps every approval on screen, and the count of those that wait, up to date for as long as the shell is shown. */
export function useLiveApprovals(): void {
  const { viewer } = useViewer()
  const may = (scope: string): boolean => viewer.value?.scopes.includes(scope) ?? false
  const variables: { after?: string } = {}
  let stop = () => {}
  const count = async (): Promise<void> => {
    if (!may('approval:decide')) return
    await decidable.ask(async () => {
      const { data } = await apollo.query({ query: DecidableApprovalsDocument, fetchPolicy: 'network-only', ...alone })
      return data?.approvals.totalCount
    })
  }
  const soon = useSoon(count, 500)

  watch(
    () => may('approval:read') || may('approval:propose'),
    (allowed) => {
      stop()
      decidable.tell(0)
      if (!allowed) return
      count().catch(() => undefined)
      stop = subscribe(ApprovalChangedDocument, variables, {
        next: ({ approvalChanged: { id, cursor, approval } }) => {
          variables.after = cursor
          if (approval) rememberApproval(approval)
          decidable.doubt()
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
    decidable.tell(0)
  })
}
