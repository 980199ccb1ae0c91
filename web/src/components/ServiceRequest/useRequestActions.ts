import { useToast } from '@nuxt/ui/composables/useToast'
import { computed } from 'vue'
import { useI18n } from 'vue-i18n'
import { useAction } from '@/composables/useAction'
import {
  ChangeServiceRequestStatusDocument,
  UpdateServiceRequestDocument,
  type ServiceRequestPartsFragment,
  type ServiceRequestStatus,
} from '@/gql/graphql'

type Standing = Pick<ServiceRequestPartsFragment, 'id' | 'status' | 'scheduledFor'>

/** What a member does with a request, each with its way back; `done` is called after every one of them. */
export function useRequestActions(done: () => Promise<unknown>) {
  const { t } = useI18n()
  const toast = useToast()
  const moving = useAction(ChangeServiceRequestStatusDocument)
  const changing = useAction(UpdateServiceRequestDocument)

  const undo = (onClick: () => void) => [
    { label: t('action.undo'), color: 'neutral' as const, variant: 'outline' as const, onClick },
  ]

  async function stand({ id, status, scheduledFor }: Standing): Promise<boolean> {
    const input = { id, status, ...(scheduledFor && { scheduledFor }) }
    const moved = (await moving.run({ input })) !== undefined
    if (moved) await done()
    return moved
  }

  async function give(id: string, assigneeId: string | null): Promise<boolean> {
    const given = (await changing.run({ input: { id, assigneeId } })) !== undefined
    if (given) await done()
    return given
  }

  return {
    busy: computed(() => moving.busy.value || changing.busy.value),
    async move(before: Standing, status: ServiceRequestStatus, scheduledFor?: string): Promise<boolean> {
      if (!(await stand({ id: before.id, status, scheduledFor: scheduledFor ?? null }))) return false
      const back = { id: before.id, status: before.status, scheduledFor: before.scheduledFor }
      toast.add({
        title: t('requests.moved', { status: t(`requestStatus.${status}`) }),
        icon: 'i-lucide-check',
        actions: undo(() => void stand(back)),
      })
      return true
    },
    async assign(
      { id, assignee }: Pick<ServiceRequestPartsFragment, 'id' | 'assignee'>,
      to: string | null,
    ): Promise<void> {
      const before = assignee?.id ?? null
      if (before === to || !(await give(id, to))) return
      toast.add({
        title: t('requests.assigned'),
        icon: 'i-lucide-user-round-check',
        actions: undo(() => void give(id, before)),
      })
    },
  }
}
