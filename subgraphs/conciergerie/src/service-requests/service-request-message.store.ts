import { sql, type Selectable } from 'kysely'
import { readRow, sealRow, type FieldKeys } from '@passerelle/platform/sealing'
import type { Tx } from '@passerelle/platform/sql'
import type { Children } from './child-pages.store.ts'
import { serviceRequestMessageTable } from './service-request.personal.ts'
import { holdAsking, type AskedAs, type AskedLately } from './service-request.store.ts'
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

/** How many messages a client wrote to all of their requests since the moment. Whoever writes next waits until this transaction ends. */
export async function countMessagesOfClient(
  tx: Tx,
  clientId: string,
  since: Date,
): Promise<Pick<AskedLately, 'lately' | 'since'>> {
  await holdAsking(tx, clientId)
  // A request is as new as what was last said of it: the older ones need not be looked into.
  const { rows } = await sql<Pick<AskedLately, 'lately' | 'since'>>`
    select count(*) as lately, min(message.created_at) as since
    from conciergerie.service_request as request join conciergerie.service_request_message as message on message.request_id = request.id
    where request.client_id = ${clientId} and request.updated_at > ${since} and message.author = 'CLIENT' and message.created_at > ${since}`.execute(
    tx,
  )
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
