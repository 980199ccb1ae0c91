import { publish } from '@passerelle/platform/facts'
import type { Holding, Matcher } from '@passerelle/platform/privacy'
import { readRow, sealRow, type FieldKeys, type SealedTable } from '@passerelle/platform/sealing'
import { rowsOf, type Tx } from '@passerelle/platform/sql'
import { requestRedacted } from './service-request.facts.ts'
import { serviceRequestMessageTable, serviceRequestTable } from './service-request.personal.ts'
import { requestSearch } from './service-request.store.ts'

/** Who is looked for: clients by id, and everybody by what they are called. */
export interface Sought {
  clientIds: readonly string[]
  matcher: Matcher
}

interface RequestRow {
  id: string
  client_id: string | null
  request_key: string | null
  kind: string
  title: string
  description: string | null
  status: string
  scheduled_for: Date | null
  created_at: Date
}

interface MessageRow {
  id: string
  request_id: string
  client_id: string | null
  request_key: string | null
  author: string
  internal: boolean
  text: string
  created_at: Date
}

/** The requests that are theirs or name them, and what was said in these or names them. */
export async function findRequests(tx: Tx, keys: FieldKeys, sought: Sought): Promise<Holding[]> {
  const { requests, messages } = await readRequests(tx, keys, sought)
  return [
    { store: serviceRequestTable.name, ids: requests.map(({ id }) => id) },
    { store: serviceRequestMessageTable.name, ids: messages.map(({ id }) => id) },
  ]
}

/** The same, opened, each request with what was said. */
export async function readRequests(
  tx: Tx,
  keys: FieldKeys,
  { clientIds, matcher }: Sought,
): Promise<{ requests: RequestRow[]; messages: MessageRow[] }> {
  const theirs = new Set<string | null>(clientIds)
  const requests = await openAll<RequestRow>(tx, keys, {
    table: serviceRequestTable,
    query:
      'select id, client_id, request_key, kind, title, description, status, scheduled_for, created_at from conciergerie.service_request',
    id: 'id',
    isWanted: ({ client_id, title, description, request_key: key }) =>
      theirs.has(client_id ?? '') || isNamedIn([title, description, key], matcher),
  })
  const messages = await openAll<MessageRow>(tx, keys, {
    table: serviceRequestMessageTable,
    query: `select message.id, message.request_id, request.client_id, message.request_key, message.author, message.internal, message.text, message.created_at
      from conciergerie.service_request_message as message join conciergerie.service_request as request on request.id = message.request_id`,
    id: 'message.id',
    isWanted: ({ client_id, text, request_key: key }) => theirs.has(client_id ?? '') || isNamedIn([text, key], matcher),
  })
  return { requests, messages }
}

function isNamedIn(texts: readonly (string | null)[], matcher: Matcher): boolean {
  return texts.some((text) => text !== null && matcher.finds(text))
}

/** What a caller gave its request, so that one sent twice is one; its id once it named the person, for two that are covered could be the same. */
function keyOf({ id, request_key: key }: { id: string; request_key: string | null }, matcher: Matcher): string | null {
  return key !== null && matcher.finds(key) ? id : key
}

/**
 * Of what they asked for themselves, what it was and when it was done stays, without a word of what was said; elsewhere they are covered. Before the
 * clients are deleted, which takes their names off the requests.
 */
export async function eraseRequests(tx: Tx, keys: FieldKeys, sought: Sought): Promise<void> {
  const { requests, messages } = await readRequests(tx, keys, sought)
  const { clientIds, matcher } = sought
  const isTheirs = ({ client_id }: { client_id: string | null }): boolean => clientIds.includes(client_id ?? '')
  await rowsOf(tx, 'delete from conciergerie.service_request_message where id = any($1)', [
    messages.filter(isTheirs).map(({ id }) => id),
  ])
  for (const message of messages.filter((one) => !isTheirs(one))) {
    const { id } = message
    const masked = sealRow(keys, serviceRequestMessageTable, { id, text: matcher.mask(message.text) })
    const text = 'update conciergerie.service_request_message set text = $2, request_key = $3 where id = $1'
    await rowsOf(tx, text, [id, masked.text, keyOf(message, matcher)])
  }
  for (const request of requests) {
    const title = matcher.mask(request.title)
    const description = isTheirs(request) || request.description === null ? null : matcher.mask(request.description)
    const masked = sealRow(keys, serviceRequestTable, { id: request.id, description })
    await rowsOf(
      tx,
      'update conciergerie.service_request set title = $2, description = $3, search = $4, request_key = $5 where id = $1',
      [request.id, title, masked.description, requestSearch(title), keyOf(request, matcher)],
    )
  }
  const touched = new Map(requests.map(({ id, client_id }) => [id, client_id]))
  for (const { request_id, client_id } of messages) touched.set(request_id, client_id)
  for (const [id, clientId] of touched) publish(tx, requestRedacted(id, clientId))
}

const batch = 500

/** Texts are sealed one by one, so each of them is opened to look. */
async function openAll<Row extends { id: string }>(
  tx: Tx,
  keys: FieldKeys,
  { table, query, id, isWanted }: { table: SealedTable; query: string; id: string; isWanted: (row: Row) => boolean },
): Promise<Row[]> {
  const found: Row[] = []
  for (let after = ''; ;) {
    const rows = await rowsOf<Row>(tx, `${query} where ${id} > $1 order by ${id} limit ${batch}`, [after])
    found.push(...rows.map((row) => readRow(keys, table, row)).filter(isWanted))
    const last = rows.at(-1)
    if (!last || rows.length < batch) return found
    after = last.id
  }
}
