import { rootTypes } from '@passerelle/platform/schema'
import type { Subgraph } from '@passerelle/platform/subgraph'
import { builder, createContext } from './builder.ts'
import { personalData } from './personal-data.ts'
import { shipmentEventTable } from './shipment-event.personal.ts'
import './client.graphql.ts'
import './shipment.graphql.ts'
import './shipment-acts.graphql.ts'
import { consumeErasedClients } from './client.consumer.ts'
import { consumeShipments } from './shipment.facts.ts'
import { loadRecord } from './shipment.ts'

builder.queryType(rootTypes.query)
builder.mutationType(rootTypes.mutation)
builder.subscriptionType(rootTypes.subscription)

export const logistics: Subgraph = {
  name: 'logistics',
  schema: builder.toSubGraphSchema({}),
  migrations: { name: 'logistics', folder: new URL('../migrations/', import.meta.url) },
  queues: [],
  personalData,
  sealedTables: [shipmentEventTable],
  createContext,
  async work(platform) {
    consumeShipments(platform, (organizationId, id) => loadRecord(platform.sql, organizationId, id))
    consumeErasedClients(platform)
    // Consumers run until the facts are closed.
    return { stop: async () => {} }
  },
}
