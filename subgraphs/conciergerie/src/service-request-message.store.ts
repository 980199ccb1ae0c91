import { sql, type Selectable } from 'kysely'
import { readRow, sealRow, type FieldKeys } from '@passerelle/platform/sealing'
import type { Tx } from '@passerelle/platform/sql'
import type { Children } from './child-pages.store.ts'
import { serviceRequestMessageTable } from './service-request.personal.ts'
import type { AskedAs, AskedLately } from './service-request.store.ts'
import type { RequestTables } from './service-request.tables.ts'
import type { ServiceRequestMessage } from './service-request-message.ts'

type Row = Selectable<RequestTables['conciergerie.service_request_message']>

/** Adds a message; the caller holds the request, and has looked whether it was written under this key before. */
export async function insertMessage(
  tx: Tx,
  keys: FieldKeys,
  { message, createdBy, requestKey }: AskedAs & { message: ServiceRequestMessage },
): Promise<void> {
  await tx
    .withTables<RequestTables>()
    .insertInto('conciergerie.service_request_message')
    .values({
      ...sealRow(keys, serviceRequestMessageTable, { id: message.id, text: message.text }),
      organization_id: keys.organizationId,
      request_id: message.requestId,
      author: message.author,
      internal: message.internal,
      actor: message.actor,
      created_by: createdBy,
      request_key: requestKey,
      created_at: message.createdAt,
    })
    .execute()
}

/** What was written under a key before. */
export async function findMessageByKey(
  tx: Tx,
  keys: FieldKeys,
  { requestId, createdBy, requestKey }: AskedAs & { requestId: string },
): Promise<ServiceRequestMessage | null> {
  if (requestKey === null) return null
  const row = await tx
    .withTables<RequestTables>()
    .selectFrom('conciergerie.service_request_message')
    .selectAll()
    .where('request_id', '=', requestId)
    .where('created_by', '=', createdBy)
    .where('request_key', '=', requestKey)
    .executeTakeFirst()
  return row ? toMessage(keys, row) : null
}

/** How many messages a client wrote to a request since the moment. The caller holds the request. */
export async function countMessagesOfClient(
  tx: Tx,
  requestId: string,
  since: Date,
): Promise<Pick<AskedLately, 'lately' | 'since'>> {
  const { rows } = await sql<Pick<AskedLately, 'lately' | 'since'>>`
    select count(*) as lately, min(created_at) as since from conciergerie.service_request_message
    where request_id = ${requestId} and author = 'CLIENT' and created_at > ${since}`.execute(tx)
  return rows[0] ?? { lately: 0, since: null }
}

/** Conversations, the newest message first. */
export const messagesOfRequests: Children<Row, ServiceRequestMessage> = {
  table: 'conciergerie.service_request_message',
  parent: 'request_id',
  prefix: 'rqm',
  newestFirst: true,
  toNoun: toMessage,
}

function toMessage(keys: FieldKeys, sealed: Row): ServiceRequestMessage {
  const row = readRow(keys, serviceRequestMessageTable, sealed)
  return {
    id: row.id,
    requestId: row.request_id,
    author: row.author,
    internal: row.internal,
    text: row.text,
    actor: row.actor,
    createdAt: row.created_at,
  }
}
