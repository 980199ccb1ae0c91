import type { Consumer } from '@passerelle/platform/facts'
import { rowsOf } from '@passerelle/platform/sql'
import type { Platform } from '@passerelle/platform/subgraph'
import { z } from 'zod'
import { endClientAccess } from './client-access.ts'

const payload = z.object({ id: z.string() })

/** Of a client who is erased nobody comes in any more, and what staff called their links goes with them. */
export function createErasedClientConsumer(platform: Platform): Consumer {
  return {
    name: 'tenancy.client-access',
    types: ['client.erased'],
    async handle({ organizationId, payload: said }) {
      const { id: clientId } = payload.parse(said)
      await endClientAccess(platform, { organizationId }, { clientId, withAccounts: true })
      await platform.sql.withOrganization({ organizationId }, async (tx) => {
        await rowsOf(tx, 'delete from tenancy.client_link where client_id = $1', [clientId])
        await rowsOf(tx, 'delete from tenancy.invitation where client_id = $1', [clientId])
      })
    },
  }
}
