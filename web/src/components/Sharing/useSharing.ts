import { useToast } from '@nuxt/ui/composables/useToast'
import { computed } from 'vue'
import { useI18n } from 'vue-i18n'
import { apollo } from '@/api/client'
import { useAction } from '@/composables/useAction'
import {
  ClientSharedDocumentsDocument,
  DocumentSharesDocument,
  ShareDocumentDocument,
  UnshareDocumentDocument,
} from '@/gql/graphql'

interface Pair {
  document: { id: string; title: string }
  client: { id: string; name: string }
}

/** Shares documents with clients and ends it; each tells its outcome, and what shows it is read again. */
export function useSharing() {
  const { t } = useI18n()
  const toast = useToast()
  const sharing = useAction(ShareDocumentDocument)
  const ending = useAction(UnshareDocumentDocument)
  const reload = () =>
    apollo.refetchQueries({ include: [DocumentSharesDocument, ClientSharedDocumentsDocument] }).catch(() => undefined)

  async function share({ document, client }: Pair): Promise<void> {
    if (!(await sharing.run({ documentId: document.id, clientId: client.id }))) return
    toast.add({
      title: t('sharing.shared', { title: document.title, name: client.name }),
      icon: 'i-lucide-user-check',
    })
    await reload()
  }

  async function end({ document, client }: Pair): Promise<void> {
    if (!(await ending.run({ documentId: document.id, clientId: client.id }))) return
    toast.add({ title: t('sharing.ended', { title: document.title, name: client.name }), icon: 'i-lucide-user-x' })
    await reload()
  }

  return { share, end, busy: computed(() => sharing.busy.value || ending.busy.value) }
}
