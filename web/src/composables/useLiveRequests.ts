import { ServiceRequestChangedDocument } from '@/gql/graphql'
import { useFollowed } from './useFollowed'
import { useSoon } from './useSoon'

/** Runs `reload` soon after a request of the organisation changed or somebody wrote to it; `only` limits it to those that it holds for. */
export function useLiveRequests(
  reload: () => Promise<unknown>,
  only: (change: { id: string; clientId?: string | undefined; propertyId?: string | undefined }) => boolean = () =>
    true,
): void {
  const soon = useSoon(reload, 500)
  useFollowed(ServiceRequestChangedDocument, ({ serviceRequestChanged: { id, cursor, serviceRequest } }) => {
    if (only({ id, clientId: serviceRequest?.client?.id, propertyId: serviceRequest?.property?.id })) soon()
    return cursor
  })
}
