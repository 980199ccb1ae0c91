import { useThrottleFn } from '@vueuse/core'
import { onScopeDispose } from 'vue'
import { subscribe } from '@/api/socket'
import { ShipmentChangedDocument } from '@/gql/graphql'

/** Runs `reload` soon after a shipment of the organisation changed; `only` limits it to one. */
export function useLiveShipments(reload: () => Promise<unknown>, only?: () => string): void {
  const variables: { after?: string } = {}
  const soon = useThrottleFn(() => reload().catch(() => undefined), 1000, true, false)
  const stop = subscribe(ShipmentChangedDocument, variables, {
    next: ({ shipmentChanged: { id, cursor } }) => {
      variables.after = cursor
      if (!only || only() === id) void soon()
    },
    error: () => undefined,
  })
  onScopeDispose(stop)
}
