import { rowsOf, type Sql } from '../sql/sql.ts'
import type { ChainedEntry } from './chain.ts'

/** An entry as it is stored. */
export interface StoredEntry extends ChainedEntry {
  hash: Buffer
  /** False where it has what no entry has that was written: no hash, or a moment that is none or lies between two milliseconds. */
  isSound: boolean
}

/** An entry as PostgreSQL has it. */
export interface EntryRow {
  organization_id: string
  position: number
  occurred_at: Date
  author: string
  user_id: string | null
  key_id: string | null
  session_id: string | null
  request_id: string | null
  caller: string | null
  action: string
  subject_kind: string | null
  subject_id: string | null
  detail_text: string
  hash: Buffer
  is_exact: boolean
}

/** With where it stands: positions that somebody changed may be beyond numbers, or be there twice. */
type PlacedRow = EntryRow & { at: string; place: string }

const beforeAll = { at: '-9223372036854775808', place: '(0,0)' }

const pageSize = 1_000

/** The columns of an entry; the detail is read as the text that was hashed. */
export const entryColumns =
  "organization_id, position, occurred_at, author, user_id, key_id, session_id, request_id, caller, action, subject_kind, subject_id, detail::text as detail_text, hash, occurred_at = date_trunc('milliseconds', occurred_at) as is_exact"

/**
 * An organisation's entries in their order, some at a time. Each page is a transaction of its own: nothing is held while they are looked at. Where PostgreSQL
 * cannot read what is on its disk they come one by one, and its error (`isDamage`) behind the last that it can.
 */
export async function* readEntries(sql: Sql, organizationId: string): AsyncIterable<StoredEntry[]> {
  let after = beforeAll
  for (let size = pageSize; ;) {
    const rows = await readRows(sql, organizationId, { after, size }).catch((error: unknown) => {
      if (size === 1 || !isDamage(error)) throw error
      return null
    })
    if (!rows) {
      size = 1
      continue
    }
    if (rows.length > 0) yield rows.map(toEntry)
    const last = rows.at(-1)
    if (!last || rows.length < size) return
    after = { at: last.at, place: last.place }
  }
}

function readRows(
  sql: Sql,
  organizationId: string,
  { after, size }: { after: typeof beforeAll; size: number },
): Promise<PlacedRow[]> {
  // One alone is read without looking at the one behind it.
  const order = size === 1 ? 'position' : 'position, ctid'
  return sql.withOrganization({ organizationId }, (tx) =>
    rowsOf<PlacedRow>(
      tx,
      `select ${entryColumns}, position::text as at, ctid::text as place from platform.audit_entry
       where organization_id = $1 and position >= $2 and (position, ctid) > ($2, $3::tid) order by ${order} limit $4`,
      [organizationId, after.at, after.place, size],
    ),
  )
}

/** What PostgreSQL says of a page or an index that is not as it was written. */
export function isDamage(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'XX001' || error.code === 'XX002')
}

export function toEntry(row: EntryRow): StoredEntry {
  return {
    organizationId: row.organization_id,
    position: row.position,
    occurredAt: row.occurred_at,
    author: row.author,
    userId: row.user_id,
    keyId: row.key_id,
    sessionId: row.session_id,
    requestId: row.request_id,
    caller: row.caller,
    action: row.action,
    subjectKind: row.subject_kind,
    subjectId: row.subject_id,
    detail: row.detail_text,
    hash: row.hash,
    isSound: row.is_exact && Buffer.isBuffer(row.hash) && isMoment(row.occurred_at),
  }
}

/** PostgreSQL has moments that are no dates here, such as `infinity`. */
function isMoment(value: unknown): boolean {
  return value instanceof Date && !Number.isNaN(value.getTime())
}
