import type { Consumer } from '@passerelle/platform/facts'
import type { Platform } from '@passerelle/platform/subgraph'
import { z } from 'zod'
import { endShares } from './share-ending.ts'

const erased = z.object({ id: z.string() })

/** Shares nothing any more with a client who was erased. */
export function createShareConsumer({ sql }: Platform): Consumer {
  return {
    name: 'documents.shares',
    types: ['client.erased'],
    async handle({ organizationId, payload }) {
      const { id: clientId } = erased.parse(payload)
      await sql.withOrganization({ organizationId }, (tx) => endShares(tx, { clientId }))
    },
  }
}
