import { useGlobalQueryLoading } from '@vue/apollo-composable'
import { until, useEventListener } from '@vueuse/core'
import { onScopeDispose } from 'vue'
import { useSoon } from '@/composables/useSoon'
import {
  PortalDocumentChangedDocument,
  PortalRequestChangedDocument,
  PortalShipmentChangedDocument,
  PortalStayChangedDocument,
} from '@/gql/graphql'
import { usePortalSession } from './portal-session'

/** Who comes back to the page this long after it was read may have missed what is not told live, such as a property that is theirs now. In milliseconds. */
const staleAfter = 15_000

/** Keeps what is shown up to date for as long as the calling component lives: on every change, after a fallen socket, and for who comes back. */
export function usePortalLive(): void {
  const { apollo, live } = usePortalSession()
  const loading = useGlobalQueryLoading()
  // What is on its way may be of before, and Apollo would join the new question to it.
  const reload = async () => {
    await until(loading).toBe(false)
    await apollo.refetchQueries({ include: 'active' })
  }
  const soon = useSoon(reload, 300)

  // The cursors move on, so that a socket that was down continues without a gap.
  const requests: { after?: string } = {}
  const shipments: { after?: string } = {}
  const stays: { after?: string } = {}
  const documents: { after?: string } = {}
  const heard = (after: { after?: string }, cursor: string) => {
    after.after = cursor
    soon()
  }
  const stops = [
    live.subscribe(PortalRequestChangedDocument, requests, {
      next: ({ serviceRequestChanged }) => heard(requests, serviceRequestChanged.cursor),
    }),
    live.subscribe(PortalShipmentChangedDocument, shipments, {
      next: ({ shipmentChanged }) => heard(shipments, shipmentChanged.cursor),
    }),
    live.subscribe(PortalStayChangedDocument, stays, {
      next: ({ bookingChanged }) => heard(stays, bookingChanged.cursor),
    }),
    live.subscribe(PortalDocumentChangedDocument, documents, {
      next: ({ documentShareChanged }) => heard(documents, documentShareChanged.cursor),
    }),
  ]
  onScopeDispose(() => stops.forEach((stop) => stop()))
  live.onReturn(soon)

  let readAt = Date.now()
  const comeBack = () => {
    if (document.visibilityState === 'hidden' || Date.now() - readAt < staleAfter) return
    readAt = Date.now()
    soon()
  }
  useEventListener(document, 'visibilitychange', comeBack)
  useEventListener(window, 'focus', comeBack)
}
