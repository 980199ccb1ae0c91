import { onScopeDispose } from 'vue'
import { subscribe } from '@/api/socket'
import { ServiceRequestChangedDocument } from '@/gql/graphql'
import { useSoon } from './useSoon'

/** Runs `reload` soon after a request of the organisation changed or somebody wrote to it; `only` limits it to those that it holds for. */
export function useLiveRequests(
  reload: () => Promise<unknown>,
  only: (change: { id: string; clientId?: string | undefined; propertyId?: string | undefined }) => boolean = () =>
    true,
): void {
  const variables: { after?: string } = {}
  const soon = useSoon(reload, 500)
  const stop = subscribe(ServiceRequestChangedDocument, variables, {
    next: ({ serviceRequestChanged: { id, cursor, serviceRequest } }) => {
      variables.after = cursor
      if (only({ id, clientId: serviceRequest?.client?.id, propertyId: serviceRequest?.property?.id })) soon()
    },
    error: () => undefined,
  })
  onScopeDispose(stop)
}
