import { linkKeeper } from '@/api/link'
import { logOut } from '@/composables/useLogOut'
import { usePortalSession } from './portal-session'

/** The way out: this tab forgets the link, or the account logs out. */
export function useLeaving() {
  const { by } = usePortalSession()
  return { leave: async () => (by === 'link' ? linkKeeper.close('left') : logOut()) }
}
