import { BookingChangedDocument } from '@/gql/graphql'
import { useFollowed } from './useFollowed'
import { useSoon } from './useSoon'

/** Runs `reload` soon after a booking of the organisation changed; `only` limits it to one. */
export function useLiveBookings(reload: () => Promise<unknown>, only?: () => string): void {
  const soon = useSoon(reload, 1000)
  useFollowed(BookingChangedDocument, ({ bookingChanged: { id, cursor } }) => {
    if (!only || only() === id) soon()
    return cursor
  })
}
