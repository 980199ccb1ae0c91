import { approvalFacts } from '@passerelle/platform/approvals'
import type { Consumer } from '@passerelle/platform/facts'
import type { Platform } from '@passerelle/platform/subgraph'
import { rowsOf } from '@passerelle/platform/sql'
import { z } from 'zod'
import { personErasure } from './erasure.approval.ts'

const payload = z.object({ id: z.string(), kind: z.string() })

/** Ends the requests to which the second person said no, or nothing in time; whom they were about is forgotten with that. */
export function createErasureConsumer({ sql }: Pick<Platform, 'sql'>): Consumer {
  const { rejected, expired, cancelled, failed } = approvalFacts
  return {
    name: 'tenancy.erasure',
    types: [rejected, expired, cancelled, failed],
    async handle({ organizationId, payload: said }) {
      const { id, kind } = payload.parse(said)
      if (kind !== personErasure.kind) return
      await sql.withOrganization({ organizationId }, (tx) =>
        rowsOf(
          tx,
          `update tenancy.privacy_request set state = 'REJECTED', subject = null, finished_at = now()
           where approval_id = $1 and state = 'PENDING'`,
          [id],
        ),
      )
    },
  }
}
