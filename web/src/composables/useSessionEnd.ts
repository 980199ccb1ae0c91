import { onScopeDispose } from 'vue'
import { useRouter } from 'vue-router'
import { apollo } from '@/api/client'
import { keeper } from '@/api/keeper'
import { linkKeeper } from '@/api/link'
import { claimsOf } from '@/api/session'
import { closeSocket } from '@/api/socket'
import { ViewerDocument } from '@/gql/graphql'

/**
 * When the session ends, here or in another tab: forget what was loaded and show the log-in, which leads back to this page. When it goes on in another
 * organisation, or as somebody else, everything of the one before goes with the page itself: nothing that is still on its way can land in the other. When the
 * person may do other things by now, what is shown of that is asked for again.
 */
export function useSessionEnd(): void {
  const router = useRouter()
  let claims = claimsOf(keeper.current()?.accessToken)
  const stop = keeper.onChange(async (reason) => {
    const before = claims
    const session = keeper.current()
    claims = claimsOf(session?.accessToken)
    // A page that was opened by a link is its own session's: what happens to the one beside it is for other tabs.
    if (router.currentRoute.value.meta.portal && linkKeeper.current()) return
    if (session) {
      if (!before || !claims) return
      if (claims.bearer !== before.bearer) await startAnew()
      else if (claims.rights !== before.rights) await apollo.refetchQueries({ include: [ViewerDocument] })
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
