import { onScopeDispose } from 'vue'
import { useRouter } from 'vue-router'
import { apollo } from '@/api/client'
import { keeper } from '@/api/keeper'
import { closeSocket } from '@/api/socket'

/** When the session ends, here or in another tab: forget what was loaded and show the log-in, which leads back to this page. */
export function useSessionEnd(): void {
  const router = useRouter()
  const stop = keeper.onChange(async (reason) => {
    if (keeper.current()) return
    closeSocket()
    await apollo.clearStore()
    const { fullPath, meta } = router.currentRoute.value
    if (meta.open) return
    const query = reason === 'expired' ? { next: fullPath, ended: '1' } : {}
    await router.replace({ name: 'login', query })
  })
  onScopeDispose(stop)
}
