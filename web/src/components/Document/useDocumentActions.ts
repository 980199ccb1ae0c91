import { computed } from 'vue'
import { useToast } from '@nuxt/ui/composables/useToast'
import { useI18n } from 'vue-i18n'
import { apollo } from '@/api/client'
import { useAction } from '@/composables/useAction'
import {
  CancelIngestionDocument,
  DeleteDocumentDocument,
  ProposeDeletionDocument,
  ReprocessDocumentDocument,
} from '@/gql/graphql'

/** What a person does to a document; each tells its outcome. */
export function useDocumentActions() {
  const { t } = useI18n()
  const toast = useToast()
  const reprocessing = useAction(ReprocessDocumentDocument)
  const cancelling = useAction(CancelIngestionDocument)
  const deleting = useAction(DeleteDocumentDocument)
  const proposing = useAction(ProposeDeletionDocument)

  async function reprocess(id: string): Promise<void> {
    if (await reprocessing.run({ id })) toast.add({ title: t('documents.reprocessing'), icon: 'i-lucide-rotate-cw' })
  }

  async function cancel(id: string): Promise<void> {
    if (await cancelling.run({ id })) toast.add({ title: t('documents.cancelled'), icon: 'i-lucide-circle-slash' })
  }

  /** Gives true once the document is gone everywhere. */
  async function remove({ id, title }: { id: string; title: string }): Promise<boolean> {
    if (!(await deleting.run({ id }))) return false
    apollo.cache.evict({ id: apollo.cache.identify({ __typename: 'Document', id }) })
    apollo.cache.gc()
    toast.add({ title: t('documents.deleted', { title }), icon: 'i-lucide-trash-2' })
    return true
  }

  /** For who may not remove it themselves: asks those who may. */
  async function proposeRemoval(id: string): Promise<void> {
    if (await proposing.run({ payload: { documentId: id } }))
      toast.add({ title: t('documents.deletionProposed'), icon: 'i-lucide-stamp' })
  }

  return {
    reprocess,
    cancel,
    remove,
    proposeRemoval,
    busy: computed(() => deleting.busy.value || proposing.busy.value),
  }
}
