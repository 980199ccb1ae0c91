import { rootTypes } from '@passerelle/platform/schema'
import type { Subgraph } from '@passerelle/platform/subgraph'
import './bookings/booking.graphql.ts'
import './bookings/booking-change.graphql.ts'
import './bookings/booking-write.graphql.ts'
import { bookingGuestTable } from './bookings/booking.personal.ts'
import { builder, createContext } from './builder.ts'
import './clients/client.graphql.ts'
import { clientTable } from './clients/client.personal.ts'
import { loadClientRecord } from './clients/client.ts'
import { personalData } from './personal-data.ts'
import './properties/property.graphql.ts'
import { loadPropertyRecord } from './properties/property.ts'
import { consumeConciergerie } from './record.facts.ts'
import './service-requests/service-request.graphql.ts'
import './service-requests/service-request-write.graphql.ts'
import { serviceRequestMessageTable, serviceRequestTable } from './service-requests/service-request.personal.ts'

builder.queryType(rootTypes.query)
builder.mutationType(rootTypes.mutation)
builder.subscriptionType(rootTypes.subscription)

export const conciergerie: Subgraph = {
  name: 'conciergerie',
  schema: builder.toSubGraphSchema({}),
  migrations: { name: 'conciergerie', folder: new URL('../migrations/', import.meta.url) },
  queues: [],
  personalData,
  sealedTables: [clientTable, bookingGuestTable, serviceRequestTable, serviceRequestMessageTable],
  createContext,
  async work(platform) {
    consumeConciergerie(platform, {
      client: (organizationId, id) => loadClientRecord(platform, organizationId, id),
      property: (organizationId, id) => loadPropertyRecord(platform.sql, organizationId, id),
    })
    // Consumers run until the facts are closed.
    return { stop: async () => {} }
  },
}
