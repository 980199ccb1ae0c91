import { onScopeDispose } from 'vue'
import { useRouter } from 'vue-router'
import { apollo } from '@/api/client'
import { keeper } from '@/api/keeper'
import { organizationOf } from '@/api/session'
import { closeSocket } from '@/api/socket'

/**
 * When the session ends, here or in another tab: forget what was loaded and show the log-in, which leads back to this page. When it goes on in another
 * organisation, everything of the one before goes with the page itself: nothing that is still on its way can land in the other.
 */
export function useSessionEnd(): void {
  const router = useRouter()
  let place = organizationOf(keeper.current()?.accessToken)
  const stop = keeper.onChange(async (reason) => {
    const before = place
    const session = keeper.current()
    place = organizationOf(session?.accessToken)
    if (session) {
      if (before !== undefined && place !== before) await startAnew()
      return
    }
    closeSocket()
    await apollo.clearStore()
    const { fullPath, meta } = router.currentRoute.value
    if (meta.open) return
    const query = reason === 'expired' ? { next: fullPath, ended: '1' } : {}
    await router.replace({ name: 'login', query })
  })
  onScopeDispose(stop)
}

async function startAnew(): Promise<void> {
  closeSocket()
  await apollo.clearStore()
  location.assign('/')
}
