import { onScopeDispose } from 'vue'
import { subscribe } from '@/api/socket'
import { BookingChangedDocument } from '@/gql/graphql'
import { useSoon } from './useSoon'

/** Runs `reload` soon after a booking of the organisation changed; `only` limits it to one. */
export function useLiveBookings(reload: () => Promise<unknown>, only?: () => string): void {
  const variables: { after?: string } = {}
  const soon = useSoon(reload, 1000)
  const stop = subscribe(BookingChangedDocument, variables, {
    next: ({ bookingChanged: { id, cursor } }) => {
      variables.after = cursor
      if (!only || only() === id) soon()
    },
    error: () => undefined,
  })
  onScopeDispose(stop)
}
