import { ShipmentChangedDocument } from '@/gql/graphql'
import { useFollowed } from './useFollowed'
import { useSoon } from './useSoon'

/** Runs `reload` soon after a shipment of the organisation changed; `only` limits it to one. */
export function useLiveShipments(reload: () => Promise<unknown>, only?: () => string): void {
  const soon = useSoon(reload, 1000)
  useFollowed(ShipmentChangedDocument, ({ shipmentChanged: { id, cursor } }) => {
    if (!only || only() === id) soon()
    return cursor
  })
}
