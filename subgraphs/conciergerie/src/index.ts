import { rootTypes } from '@passerelle/platform/schema'
import type { Subgraph } from '@passerelle/platform/subgraph'
import './booking.graphql.ts'
import './booking-write.graphql.ts'
import { bookingGuestTable } from './booking.personal.ts'
import { builder, createContext } from './builder.ts'
import './client.graphql.ts'
import { clientTable } from './client.personal.ts'
import { loadClientRecord } from './client.ts'
import { personalData } from './personal-data.ts'
import './property.graphql.ts'
import { loadPropertyRecord } from './property.ts'
import { consumeConciergerie } from './record.facts.ts'
import './service-request.graphql.ts'
import './service-request-write.graphql.ts'
import { serviceRequestMessageTable, serviceRequestTable } from './service-request.personal.ts'

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
