import { consumeRecords, type OperationalRecord } from '@passerelle/platform/records'
import type { Platform } from '@passerelle/platform/subgraph'

/** The durable reader of the log that keeps the knowledge graph's clients and properties. */
export const graphConsumer = 'conciergerie.graph'

/** What conciergerie publishes; each carries the `id` of its record. */
export const recordFacts = {
  clientCreated: 'client.created',
  clientUpdated: 'client.updated',
  clientErased: 'client.erased',
  propertyCreated: 'property.created',
  propertyUpdated: 'property.updated',
} as const

type Load = (organizationId: string, id: string) => Promise<OperationalRecord | null>

/** Writes clients and properties to the knowledge graph from the log, as their rows are by then. */
export function consumeConciergerie(platform: Platform, load: { client: Load; property: Load }): void {
  consumeRecords(platform, graphConsumer, [
    {
      kind: 'CLIENT',
      types: [recordFacts.clientCreated, recordFacts.clientUpdated, recordFacts.clientErased],
      load: load.client,
    },
    { kind: 'PROPERTY', types: [recordFacts.propertyCreated, recordFacts.propertyUpdated], load: load.property },
  ])
}
