import { useToast } from '@nuxt/ui/composables/useToast'
import { computed } from 'vue'
import { useI18n } from 'vue-i18n'
import { isRefusal } from '@/api/refusal'
import { useAction } from '@/composables/useAction'
import { rememberHandOver } from '@/composables/useLiveHandOvers'
import { useRefusalText } from '@/composables/useRefusalText'
import {
  AnswerHandOverDocument,
  CloseHandOverDocument,
  ReopenHandOverDocument,
  TakeHandOverDocument,
  type HandOverPartsFragment,
} from '@/gql/graphql'

/** What a person does with a question that was handed over. Each tells what went wrong, and true when it is done. */
export function useHandOverActions() {
  const { t } = useI18n()
  const toast = useToast()
  const refusalText = useRefusalText()
  const taking = useAction(TakeHandOverDocument)
  const answering = useAction(AnswerHandOverDocument)
  const closing = useAction(CloseHandOverDocument)
  const reopening = useAction(ReopenHandOverDocument)

  type Answer = { __typename: string } & Partial<HandOverPartsFragment> & { by?: { name: string } | null }

  function conclude(answer: Answer): boolean {
    if (isRefusal(answer)) {
      const title = answer.by ? t('handOver.takenBy', { name: answer.by.name }) : refusalText(answer)
      toast.add({ title, color: 'error', icon: 'i-lucide-circle-alert' })
      return false
    }
    rememberHandOver(answer as HandOverPartsFragment)
    return true
  }

  async function reopen(id: string): Promise<boolean> {
    return conclude((await reopening.attempt({ id })) as Answer)
  }

  return {
    busy: computed(() => [taking, answering, closing, reopening].some((action) => action.busy.value)),
    take: async (id: string) => conclude((await taking.attempt({ id })) as Answer),
    answer: async (id: string, text: string, documentIds: string[]) =>
      conclude((await answering.attempt({ id, text, documentIds })) as Answer),
    reopen,
    async close(id: string): Promise<boolean> {
      if (!conclude((await closing.attempt({ id })) as Answer)) return false
      toast.add({
        title: t('handOver.closed'),
        icon: 'i-lucide-check',
        actions: [{ label: t('action.undo'), color: 'neutral', variant: 'outline', onClick: () => void reopen(id) }],
      })
      return true
    },
  }
}
