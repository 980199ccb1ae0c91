import { useToast } from '@nuxt/ui/composables/useToast'
import { ref } from 'vue'
import { useI18n } from 'vue-i18n'
import { PortalDocumentFileDocument } from '@/gql/graphql'
import { usePortalSession } from './portal-session'

/** Fetches a shared document. Its address is asked for at that moment: it lives for minutes, and is nobody's once the document is shared no more. */
export function useDownload() {
  const { apollo } = usePortalSession()
  const { t } = useI18n()
  const toast = useToast()
  const busy = ref<string>()

  async function download(id: string): Promise<void> {
    if (busy.value) return
    busy.value = id
    try {
      const { data } = await apollo.query({
        query: PortalDocumentFileDocument,
        variables: { id },
        fetchPolicy: 'no-cache',
      })
      const address = data?.sharedDocument?.fileUrl
      if (address) save(address)
      else fail(data ? 'portal.document.gone' : 'refusal.OUTAGE')
    } catch {
      fail('refusal.OUTAGE')
    } finally {
      busy.value = undefined
    }
  }

  const fail = (words: string) => toast.add({ title: t(words), color: 'error', icon: 'i-lucide-circle-alert' })
  return { download, busy }
}

/** By a link of the page, which every phone takes for what the visitor has just asked for. */
function save(address: string): void {
  const link = document.createElement('a')
  link.href = address
  link.download = ''
  link.click()
}
