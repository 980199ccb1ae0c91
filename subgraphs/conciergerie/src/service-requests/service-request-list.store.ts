import { sql } from 'kysely'
import { z } from 'zod'
import { searchCondition, type Search } from '@passerelle/platform/records'
import { cursorParts, type Page, type PageRequest, type Viewer } from '@passerelle/platform/schema'
import type { FieldKeys } from '@passerelle/platform/sealing'
import type { Sql } from '@passerelle/platform/sql'
import { listRows, type List } from '@passerelle/platform/sql/list'
import type { ServiceRequestKind, ServiceRequestStatus } from './service-request-status.ts'
import { toRequest, type ServiceRequestRow } from './service-request.store.ts'
import type { ServiceRequest } from './service-request.ts'

/** Which requests; null narrows nothing. */
export interface ServiceRequestFilter {
  search: Search | null
  statuses: readonly ServiceRequestStatus[] | null
  kinds: readonly ServiceRequestKind[] | null
  clientId: string | null
  propertyId: string | null
  assigneeId: string | null
}

/** The same with the names that a search looks into, as far as whoever asks sees them. */
const named = sql`(select request.*, concat_ws(E'\\n', request.search, client.search, property.search) as found_by
  from conciergerie.service_request as request
  left join conciergerie.client as client on client.id = request.client_id
  left join conciergerie.property as property on property.id = request.property_id) as request`

/** Requests, the newest first. */
export function listRequests(
  { database, viewer, keys }: { database: Sql; viewer: Viewer; keys: FieldKeys },
  { page, filter }: { page: PageRequest; filter: ServiceRequestFilter },
): Promise<Page<ServiceRequest>> {
  const { search, statuses, kinds, clientId, propertyId, assigneeId } = filter
  const conditions = [
    sql<boolean>`true`,
    ...(search ? [searchCondition('found_by', search)] : []),
    ...(statuses ? [sql<boolean>`status = any(${statuses})`] : []),
    ...(kinds ? [sql<boolean>`kind = any(${kinds})`] : []),
    ...(clientId === null ? [] : [sql<boolean>`client_id = ${clientId}`]),
    ...(propertyId === null ? [] : [sql<boolean>`property_id = ${propertyId}`]),
    ...(assigneeId === null ? [] : [sql<boolean>`assignee_id = ${assigneeId}`]),
  ]
  const list: List<ServiceRequestRow, ServiceRequest> = {
    from: search ? named : sql.table('conciergerie.service_request'),
    where: sql<boolean>`${sql.join(conditions, sql` and `)}`,
    order: ['id'],
    descending: true,
    cursor: z.tuple([cursorParts.id('req')]),
    toNode: (row) => toRequest(keys, row),
  }
  return listRows({ database, viewer }, list, page)
}
