import type { Selectable } from 'kysely'
import { newId } from '@passerelle/platform/ids'
import type { Tx } from '@passerelle/platform/sql'
import type { Children } from './child-pages.store.ts'
import type { ServiceRequestAuthor, ServiceRequestStatus } from './service-request-status.ts'
import type { RequestTables } from './service-request.tables.ts'

type Row = Selectable<RequestTables['conciergerie.service_request_event']>

/** One line of a request's history. */
export interface ServiceRequestEvent {
  id: string
  requestId: string
  status: ServiceRequestStatus
  author: ServiceRequestAuthor
  /** The person of the house. */
  actor: string | null
  occurredAt: Date
}

/** Adds where the request stands from now on; the caller holds the request. */
export async function insertEvent(
  tx: Tx,
  organizationId: string,
  { requestId, status, author, actor, occurredAt }: Omit<ServiceRequestEvent, 'id'>,
): Promise<void> {
  await tx
    .withTables<RequestTables>()
    .insertInto('conciergerie.service_request_event')
    .values({
      id: newId('rqe'),
      organization_id: organizationId,
      request_id: requestId,
      status,
      author,
      actor,
      occurred_at: occurredAt,
    })
    .execute()
}

/** Histories, the earliest first. */
export const eventsOfRequests: Children<Row, ServiceRequestEvent> = {
  table: 'conciergerie.service_request_event',
  parent: 'request_id',
  prefix: 'rqe',
  newestFirst: false,
  toNoun: (_keys, row) => ({
    id: row.id,
    requestId: row.request_id,
    status: row.status,
    author: row.author,
    actor: row.actor,
    occurredAt: row.occurred_at,
  }),
}
