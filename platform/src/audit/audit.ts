import { rowsOf, type Tx } from '../sql/sql.ts'
import { unitOf } from '../sql/unit.ts'
import { currentCaller, currentRequestId } from '../telemetry/origin.ts'
import { chainStart, continueChain, type AuditAuthor, type ChainedEntry } from './chain.ts'
import { networkAround } from '../identity/networks.ts'

/**
 * The append-only record of who did what: log-ins, permissions, keys, exports, proposals and decisions, and every write by an AI.
 *
 * Promises: an entry commits with what it tells of, or not at all. The entries of an organisation have positions without gaps and a chain of hashes,
 * so that `verifyChain` finds any that was changed, moved, taken out or put in between. Nobody, the owner of the tables included, changes one. Entries hold ids and codes,
 * never what people have written.
 */
export interface AuditEvent {
  /** Noun and past participle: `api_key.created`. */
  action: string
  /** What it was done to: `{ kind: 'ApiKey', id }`. */
  subject?: { kind: string; id: string } | undefined
  /** Ids, codes and counts; 2,000 characters of JSON at most. */
  detail?: AuditDetail | undefined
  /** Whoever the transaction belongs to, unless told: an AI that writes for a person says so here, and the entry names the person too. */
  author?: AuditAuthor | undefined
}

export type AuditDetail = Readonly<Record<string, string | number | boolean | null | readonly (string | number)[]>>

export type { AuditAuthor } from './chain.ts'

/**
 * The chain of what concerns the installation and no organisation: the operator's verbs. Used as an organisation:
 * `sql.withOrganization({ organizationId: installationChain }, …)`.
 */
export const installationChain = 'installation'

const longestDetail = 2_000
const longestId = 200

interface Pending extends AuditEvent {
  author: AuditAuthor
  detailText: string
}

const pending = new WeakMap<Tx, Pending[]>()

/**
 * Records an event with the transaction; it is written last, behind the facts. Who did it comes from the transaction's scope and the request at work.
 * Throws for an action that is no `noun.past_participle` and for a detail that is too long: both are faults of the caller.
 */
export function audit(tx: Tx, event: AuditEvent): void {
  if (!/^[a-z][a-z_]*\.[a-z][a-z_]*$/.test(event.action)) throw new Error(`${event.action} names no audited action.`)
  const detailText = JSON.stringify(event.detail ?? {}, (_key, value: unknown) =>
    typeof value === 'string' ? value.toWellFormed() : value,
  )
  if (detailText.length > longestDetail) throw new Error(`The detail of ${event.action} is too long for the audit log.`)
  const unit = unitOf(tx)
  const { keyId, userId } = unit.scope
  const subject = event.subject && { kind: event.subject.kind, id: toId(event.subject.id) }
  const entry = {
    ...event,
    subject,
    detailText,
    author: event.author ?? (keyId ? 'KEY' : userId ? 'PERSON' : 'SERVICE'),
  }
  const waiting = pending.get(tx)
  if (waiting) return void waiting.push(entry)
  const entries = [entry]
  pending.set(tx, entries)
  unit.lastWrites.set('audit', () => appendEntries(tx, entries))
}

/** A name that came from a client may be anything: what PostgreSQL keeps must be what was hashed. */
function toId(text: string): string {
  return text.slice(0, longestId).toWellFormed()
}

async function appendEntries(tx: Tx, events: readonly Pending[]): Promise<void> {
  const { organizationId } = unitOf(tx).scope
  const [head] = await rowsOf<{ position: number; hash: Buffer; now: Date }>(
    tx,
    `insert into platform.audit_head as head (organization_id, position, hash) values ($1, 0, $2)
     on conflict (organization_id) do update set position = head.position
     returning position, hash, clock_timestamp()::timestamptz(3) as now`,
    [organizationId, chainStart],
  )
  if (!head) throw new Error('The audit log has no head.')
  const entries: (ChainedEntry & { hash: Buffer })[] = []
  let previous = head.hash
  for (const [index, event] of events.entries()) {
    const entry = toEntry(tx, event, { position: head.position + index + 1, occurredAt: head.now })
    previous = continueChain(previous, entry)
    entries.push({ ...entry, hash: previous })
  }
  await insertEntries(tx, organizationId, entries)
}

function toEntry(tx: Tx, event: Pending, at: { position: number; occurredAt: Date }): ChainedEntry {
  const { organizationId, userId, sessionId, keyId } = unitOf(tx).scope
  return {
    ...at,
    organizationId,
    author: event.author,
    userId: userId || null,
    keyId: keyId ?? null,
    sessionId: sessionId ?? null,
    requestId: currentRequestId() ?? null,
    caller: networkAround(currentCaller()),
    action: event.action,
    subjectKind: event.subject?.kind ?? null,
    subjectId: event.subject?.id ?? null,
    detail: event.detailText,
  }
}

/** The entries and the head that follows from them, in one statement. */
async function insertEntries(
  tx: Tx,
  organizationId: string,
  entries: readonly (ChainedEntry & { hash: Buffer })[],
): Promise<void> {
  const rows = entries.map((entry) => ({
    position: entry.position,
    occurred_at: entry.occurredAt,
    author: entry.author,
    user_id: entry.userId,
    key_id: entry.keyId,
    session_id: entry.sessionId,
    request_id: entry.requestId,
    caller: entry.caller,
    action: entry.action,
    subject_kind: entry.subjectKind,
    subject_id: entry.subjectId,
    detail_text: entry.detail,
    hash_hex: entry.hash.toString('hex'),
  }))
  const last = rows.at(-1)
  await rowsOf(
    tx,
    `with written as (
       insert into platform.audit_entry (organization_id, position, occurred_at, author, user_id, key_id, session_id, request_id, caller,
         action, subject_kind, subject_id, detail, hash)
       select $1, position, occurred_at, author, user_id, key_id, session_id, request_id, caller,
         action, subject_kind, subject_id, detail_text::json, decode(hash_hex, 'hex')
       from json_to_recordset($2) as entry (position bigint, occurred_at timestamptz, author text, user_id text, key_id text, session_id text,
         request_id text, caller text, action text, subject_kind text, subject_id text, detail_text text, hash_hex text))
     update platform.audit_head set position = $3, hash = decode($4, 'hex') where organization_id = $1`,
    [organizationId, JSON.stringify(rows), last?.position, last?.hash_hex],
  )
}
