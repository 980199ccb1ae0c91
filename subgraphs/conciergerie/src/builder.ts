import { createRecordLoader, createSealedLoader, type RecordLoader } from '@passerelle/platform/records'
import { createBuilder } from '@passerelle/platform/schema'
import type { BaseContext, Platform, RequestInfo } from '@passerelle/platform/subgraph'
import { loadBookings } from './bookings/booking.store.ts'
import type { Booking } from './bookings/booking.ts'
import { createChildPages, type ChildPages } from './service-requests/child-pages.store.ts'
import { loadClients } from './clients/client.store.ts'
import type { Client } from './clients/client.ts'
import { loadProperties } from './properties/property.store.ts'
import type { Property } from './properties/property.ts'
import { eventsOfRequests, type ServiceRequestEvent } from './service-requests/service-request-event.store.ts'
import { messagesOfRequests } from './service-requests/service-request-message.store.ts'
import type { ServiceRequestMessage } from './service-requests/service-request-message.ts'
import { loadRequests, requestsOf } from './service-requests/service-request.store.ts'
import type { ServiceRequest } from './service-requests/service-request.ts'

/** What a conciergerie resolver has at hand. */
export interface ConciergerieContext extends BaseContext {
  platform: Platform
  clients: RecordLoader<Client>
  properties: RecordLoader<Property>
  bookings: RecordLoader<Booking>
  requests: RecordLoader<ServiceRequest>
  requestEvents: ChildPages<ServiceRequestEvent>
  requestMessages: ChildPages<ServiceRequestMessage>
  requestsOfClients: ChildPages<ServiceRequest>
  requestsOfProperties: ChildPages<ServiceRequest>
}

export const builder = createBuilder<ConciergerieContext>()

export function createContext(platform: Platform, request: RequestInfo): ConciergerieContext {
  const { sql, sealing } = platform
  const { viewer } = request
  return {
    ...request,
    platform,
    clients: createSealedLoader({ viewer, prefix: 'cli' }, async (who, ids) => {
      const keys = await sealing.keysOf(who.organizationId)
      return sql.withOrganization(who, (tx) => loadClients(tx, keys, ids))
    }),
    properties: createRecordLoader({ sql, viewer, prefix: 'prp' }, loadProperties),
    bookings: createSealedLoader({ viewer, prefix: 'bkg' }, async (who, ids) => {
      const keys = await sealing.keysOf(who.organizationId)
      return sql.withOrganization(who, (tx) => loadBookings(tx, keys, ids))
    }),
    requests: createSealedLoader({ viewer, prefix: 'req' }, async (who, ids) => {
      const keys = await sealing.keysOf(who.organizationId)
      return sql.withOrganization(who, (tx) => loadRequests(tx, keys, ids))
    }),
    requestEvents: createChildPages(platform, viewer, eventsOfRequests),
    requestMessages: createChildPages(platform, viewer, messagesOfRequests),
    requestsOfClients: createChildPages(platform, viewer, requestsOf('client_id')),
    requestsOfProperties: createChildPages(platform, viewer, requestsOf('property_id')),
  }
}
