import { useToast } from '@nuxt/ui/composables/useToast'
import { useI18n } from 'vue-i18n'
import { useRouter } from 'vue-router'

const reloadedKey = 'passerelle.reloaded'

/**
 * Mends a page whose code does not come: the house has a newer version, then the page is opened afresh, once; or it cannot be
 * reached, then this is said instead of nothing.
 */
export function useLostPages(): void {
  const router = useRouter()
  const toast = useToast()
  const { t } = useI18n()
  router.onError(async (error, to) => {
    if (!(error instanceof TypeError)) return
    const answered = await fetch(to.fullPath, { method: 'HEAD', cache: 'no-store' }).then(
      ({ ok }) => ok,
      () => false,
    )
    if (answered && sessionStorage.getItem(reloadedKey) !== to.fullPath) {
      sessionStorage.setItem(reloadedKey, to.fullPath)
      location.assign(to.fullPath)
    } else toast.add({ title: t('refusal.OUTAGE'), color: 'error', icon: 'i-lucide-unplug' })
  })
  router.afterEach(() => sessionStorage.removeItem(reloadedKey))
}
