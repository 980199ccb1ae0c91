import type { ApolloClient } from '@apollo/client/core'
import type { InjectionKey } from 'vue'
import { inject } from 'vue'
import { apollo, openApollo } from '@/api/client'
import { keeper } from '@/api/keeper'
import { linkKeeper } from '@/api/link'
import { claimsOf } from '@/api/session'
import { live, openLive, type Live } from '@/api/socket'

/** How a client came in, and what speaks for them. */
export interface PortalSession {
  by: 'link' | 'account'
  apollo: ApolloClient<unknown>
  live: Pick<Live, 'subscribe' | 'onReturn' | 'close' | 'connection'>
}

const key: InjectionKey<PortalSession> = Symbol('portal session')

export { key as portalSessionKey }

/** The session of this tab: by a link where one was opened here, else by the account of the browser when it is a client's. */
export function openPortalSession(): PortalSession | undefined {
  if (linkKeeper.current()) return { by: 'link', apollo: openApollo(linkKeeper), live: openLive(linkKeeper) }
  const isClient = claimsOf(keeper.current()?.accessToken)?.isClient ?? false
  return isClient ? { by: 'account', apollo, live } : undefined
}

/** The session under which the calling component is shown. */
export function usePortalSession(): PortalSession {
  const session = inject(key)
  if (!session) throw new Error('a page of the portal is shown outside of it')
  return session
}
