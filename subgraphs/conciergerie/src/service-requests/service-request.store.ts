import { sql, type Selectable } from 'kysely'
import { searchColumn } from '@passerelle/platform/records'
import { readRow, sealRow, type FieldKeys } from '@passerelle/platform/sealing'
import type { Tx } from '@passerelle/platform/sql'
import { holdName } from '@passerelle/platform/sql/hold'
import type { Children } from './child-pages.store.ts'
import { serviceRequestTable } from './service-request.personal.ts'
import { openStatuses } from './service-request-status.ts'
import type { RequestTables } from './service-request.tables.ts'
import type { ServiceRequest } from './service-request.ts'

export type ServiceRequestRow = Selectable<RequestTables['conciergerie.service_request']>

/** Who asked, and under which key of theirs. */
export interface AskedAs {
  createdBy: string
  requestKey: string | null
}

/** Writes a new request; false when whoever asks has asked under this key before. */
export async function insertRequest(
  tx: Tx,
  keys: FieldKeys,
  { request, createdBy, requestKey }: AskedAs & { request: ServiceRequest },
): Promise<boolean> {
  const row = await tx
    .withTables<RequestTables>()
    .insertInto('conciergerie.service_request')
    .values({
      organization_id: keys.organizationId,
      author: request.author,
      created_by: createdBy,
      request_key: requestKey,
      created_at: request.createdAt,
      ...toColumns(keys, request),
    })
    .onConflict((conflict) => conflict.columns(['organization_id', 'created_by', 'request_key']).doNothing())
    .returning('id')
    .executeTakeFirst()
  return row !== undefined
}

/** What was asked under a key before. */
export async function findByRequestKey(
  tx: Tx,
  keys: FieldKeys,
  { createdBy, requestKey }: AskedAs,
): Promise<ServiceRequest | null> {
  if (requestKey === null) return null
  const row = await tx
    .withTables<RequestTables>()
    .selectFrom('conciergerie.service_request')
    .selectAll()
    .where('created_by', '=', createdBy)
    .where('request_key', '=', requestKey)
    .executeTakeFirst()
  return row ? toRequest(keys, row) : null
}

/** Writes everything about a request but who asked. */
export async function updateRequest(tx: Tx, keys: FieldKeys, request: ServiceRequest): Promise<void> {
  await tx
    .withTables<RequestTables>()
    .updateTable('conciergerie.service_request')
    .set(toColumns(keys, request))
    .where('id', '=', request.id)
    .execute()
}

export async function loadRequests(tx: Tx, keys: FieldKeys, ids: readonly string[]): Promise<ServiceRequest[]> {
  const rows = await tx
    .withTables<RequestTables>()
    .selectFrom('conciergerie.service_request')
    .selectAll()
    .where('id', 'in', ids)
    .execute()
  return rows.map((row) => toRequest(keys, row))
}

/** The request, held until the transaction ends: what happens to it happens one after the other. */
export async function holdRequest(tx: Tx, keys: FieldKeys, id: string): Promise<ServiceRequest | null> {
  const row = await tx
    .withTables<RequestTables>()
    .selectFrom('conciergerie.service_request')
    .selectAll()
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
  return row ? toRequest(keys, row) : null
}

/** Whether the one who asks sees the client or the property; null is seen by everybody. */
export async function isSeen(
  tx: Tx,
  table: 'conciergerie.client' | 'conciergerie.property',
  id: string | null,
): Promise<boolean> {
  if (id === null) return true
  const { rows } = await sql`select from ${sql.table(table)} where id = ${id}`.execute(tx)
  return rows.length > 0
}

/** What a client asks for and writes is counted one after the other, until the transaction ends. */
export async function holdAsking(tx: Tx, clientId: string): Promise<void> {
  await holdName(tx, `service_request ${clientId}`)
}

export interface AskedLately {
  open: number
  lately: number
  /** The oldest of those. */
  since: Date | null
}

/** How much a client has asked for by themselves: what is still open, and since the moment. Whoever asks next waits until this transaction ends. */
export async function countOfClient(tx: Tx, clientId: string, since: Date): Promise<AskedLately> {
  await holdAsking(tx, clientId)
  const { rows } = await sql<AskedLately>`
    select count(*) filter (where status = any(${openStatuses})) as open,
      count(*) filter (where created_at > ${since}) as lately, min(created_at) filter (where created_at > ${since}) as since
    from conciergerie.service_request where client_id = ${clientId} and author = 'CLIENT'`.execute(tx)
  return rows[0] ?? { open: 0, lately: 0, since: null }
}

/** The requests of clients or of properties, the newest first. */
export function requestsOf(parent: 'client_id' | 'property_id'): Children<ServiceRequestRow, ServiceRequest> {
  return { table: 'conciergerie.service_request', parent, prefix: 'req', newestFirst: true, toNoun: toRequest }
}

/** What a list of requests is searched in. */
export function requestSearch(title: string): string {
  return searchColumn([title])
}

function toColumns(keys: FieldKeys, request: ServiceRequest) {
  const { id, title, description } = request
  return {
    ...sealRow(keys, serviceRequestTable, { id, title, description }),
    client_id: request.clientId,
    property_id: request.propertyId,
    kind: request.kind,
    urgency: request.urgency,
    status: request.status,
    scheduled_for: request.scheduledFor,
    assignee_id: request.assigneeId,
    channel: request.channel,
    search: requestSearch(title),
    updated_at: request.updatedAt,
  }
}

export function toRequest(keys: FieldKeys, sealed: ServiceRequestRow): ServiceRequest {
  const row = readRow(keys, serviceRequestTable, sealed)
  return {
    id: row.id,
    clientId: row.client_id,
    propertyId: row.property_id,
    kind: row.kind,
    title: row.title,
    description: row.description,
    urgency: row.urgency,
    status: row.status,
    scheduledFor: row.scheduled_for,
    assigneeId: row.assignee_id,
    channel: row.channel,
    author: row.author,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }
}
