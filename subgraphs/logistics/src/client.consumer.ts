import { publish } from '@passerelle/platform/facts'
import type { Platform } from '@passerelle/platform/subgraph'
import { z } from 'zod'
import { shipmentUpdated } from './shipment.facts.ts'
import { clearClient } from './shipment.store.ts'

const erased = z.object({ id: z.string() })

/** Shipments name nobody who was erased. */
export function consumeErasedClients({ facts, sql }: Platform): void {
  facts.consume({
    name: 'logistics.clients',
    types: ['client.erased'],
    async handle({ organizationId, payload }) {
      const { id: clientId } = erased.parse(payload)
      await sql.withOrganization({ organizationId }, async (tx) => {
        for (const id of await clearClient(tx, clientId)) publish(tx, shipmentUpdated(id))
      })
    },
  })
}
