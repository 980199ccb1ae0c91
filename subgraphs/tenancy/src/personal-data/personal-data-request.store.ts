import { sql, type JSONColumnType, type Generated, type Selectable } from 'kysely'
import { z } from 'zod'
import { keptReasons, type ErasureChoice, type SignedReceipt, type Subject } from '@passerelle/platform/privacy'
import { cursorParts, type Page, type PageRequest, type Viewer } from '@passerelle/platform/schema'
import { readRow, sealRow, type FieldKeys, type SealedTable } from '@passerelle/platform/sealing'
import type { Sql, Tx } from '@passerelle/platform/sql'
import { listRows, type List } from '@passerelle/platform/sql/list'

export type RequestKind = 'PERSON_EXPORT' | 'PERSON_ERASURE' | 'ORGANIZATION_EXPORT' | 'ORGANIZATION_ERASURE'

export type RequestState =
  | 'PENDING'
  | 'SCHEDULED'
  | 'RUNNING'
  | 'DONE'
  | 'REJECTED'
  | 'CANCELLED'
  | 'EXPIRED'
  | 'FAILED'

/** Why an archive could not be made. */
export type ExportFailure = 'TOO_LARGE' | 'UNREADABLE' | 'UNAVAILABLE'

const store = z.object({
  store: z.string(),
  ids: z.array(z.string()).readonly(),
  count: z.number().optional(),
  kept: z.enum(keptReasons).optional(),
})

/** What a job that comes back goes on from. */
const progress = z.object({
  /** What each store had before anything was erased. */
  found: z.array(store).readonly().optional(),
  /** Rooms that have done their part. */
  done: z.array(z.string()).readonly().default([]),
  /** How often an export has failed by what it reads. */
  tries: z.number().optional(),
})
export type Progress = z.output<typeof progress>

/** Somebody asked to take along, or to have erased, what is known of a person or of everybody. */
export interface PrivacyRequest {
  id: string
  organizationId: string
  kind: RequestKind
  state: RequestState
  /** Null for an organisation, and once it is done. */
  subject: Subject | null
  choice: ErasureChoice | null
  approvalId: string | null
  requestedBy: string | null
  approvedBy: string | null
  dueAt: Date | null
  progress: Progress
  file: { hash: string; size: number; expiresAt: Date } | null
  receipt: SignedReceipt | null
  /** Set for one that failed. */
  failure: ExportFailure | null
  createdAt: Date
  finishedAt: Date | null
}

type Tables = {
  'tenancy.privacy_request': {
    id: string
    organization_id: string
    kind: RequestKind
    state: RequestState
    subject: string | null
    choice: ErasureChoice | null
    approval_id: string | null
    requested_by: string | null
    approved_by: string | null
    due_at: Date | null
    progress: JSONColumnType<object>
    file_hash: string | null
    file_size: number | null
    expires_at: Date | null
    receipt: JSONColumnType<SignedReceipt> | null
    failure: ExportFailure | null
    created_at: Generated<Date>
    finished_at: Date | null
  }
}
type Row = Selectable<Tables['tenancy.privacy_request']>

/** Whom a request is about is sealed, and goes with its end. */
export const requestTable: SealedTable = { name: 'tenancy.privacy_request', row: 'id', columns: ['subject'] }

export async function insertRequest(tx: Tx, keys: FieldKeys, request: PrivacyRequest): Promise<void> {
  await tx
    .withTables<Tables>()
    .insertInto('tenancy.privacy_request')
    .values({ ...toColumns(keys, request), organization_id: request.organizationId, created_at: request.createdAt })
    .execute()
}

export async function updateRequest(tx: Tx, keys: FieldKeys, request: PrivacyRequest): Promise<void> {
  await tx
    .withTables<Tables>()
    .updateTable('tenancy.privacy_request')
    .set(toColumns(keys, request))
    .where('id', '=', request.id)
    .execute()
}

/** The request, held until the transaction ends. */
export async function holdRequest(tx: Tx, keys: FieldKeys, id: string): Promise<PrivacyRequest | null> {
  const row = await tx
    .withTables<Tables>()
    .selectFrom('tenancy.privacy_request')
    .selectAll()
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
  return row ? toRequest(keys, row) : null
}

export async function findRequest(tx: Tx, keys: FieldKeys, id: string): Promise<PrivacyRequest | null> {
  const row = await tx
    .withTables<Tables>()
    .selectFrom('tenancy.privacy_request')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirst()
  return row ? toRequest(keys, row) : null
}

/** The request that erases the organisation and can still be cancelled, if there is one. */
export async function findScheduled(tx: Tx, keys: FieldKeys): Promise<PrivacyRequest | null> {
  const row = await tx
    .withTables<Tables>()
    .selectFrom('tenancy.privacy_request')
    .selectAll()
    .where('kind', '=', 'ORGANIZATION_ERASURE')
    .where('state', 'in', ['SCHEDULED', 'RUNNING'])
    .executeTakeFirst()
  return row ? toRequest(keys, row) : null
}

/**
 * Ends what is taken along: archives that are there are given out no more, and those that are being written will not be. They may name somebody who is erased
 * meanwhile. Answers the requests that were under way.
 */
export async function endExports(tx: Tx): Promise<Pick<PrivacyRequest, 'id' | 'kind' | 'choice'>[]> {
  const exports = tx
    .withTables<Tables>()
    .updateTable('tenancy.privacy_request')
    .where('kind', 'in', ['PERSON_EXPORT', 'ORGANIZATION_EXPORT'])
  await exports
    .set({ expires_at: sql<Date>`now()` })
    .where('file_hash', 'is not', null)
    .execute()
  return exports
    .set({ state: 'EXPIRED', subject: null, finished_at: sql<Date>`now()` })
    .where('state', '=', 'RUNNING')
    .returning(['id', 'kind', 'choice'])
    .execute()
}

/** The organisation's requests, the newest first. */
export function listRequests(
  { database, viewer, keys }: { database: Sql; viewer: Viewer; keys: FieldKeys },
  page: PageRequest,
): Promise<Page<PrivacyRequest>> {
  const list: List<Row, PrivacyRequest> = {
    from: sql.table('tenancy.privacy_request'),
    order: ['id'],
    descending: true,
    cursor: z.tuple([cursorParts.id('prv')]),
    toNode: (row) => toRequest(keys, row),
  }
  return listRows({ database, viewer }, list, page)
}

function toColumns(keys: FieldKeys, request: PrivacyRequest) {
  const { id, kind, state, choice, approvalId, requestedBy, approvedBy, dueAt, finishedAt, file, receipt, failure } =
    request
  return {
    ...sealRow(keys, requestTable, { id, subject: request.subject && JSON.stringify(request.subject) }),
    kind,
    state,
    choice,
    approval_id: approvalId,
    requested_by: requestedBy,
    approved_by: approvedBy,
    due_at: dueAt,
    progress: JSON.stringify(request.progress),
    file_hash: file?.hash ?? null,
    file_size: file?.size ?? null,
    expires_at: file?.expiresAt ?? null,
    receipt: receipt && JSON.stringify(receipt),
    failure,
    finished_at: finishedAt,
  }
}

function toRequest(keys: FieldKeys, row: Row): PrivacyRequest {
  const { subject } = readRow(keys, requestTable, row)
  return {
    id: row.id,
    organizationId: row.organization_id,
    kind: row.kind,
    state: row.state,
    subject: subject === null ? null : (JSON.parse(subject) as Subject),
    choice: row.choice,
    approvalId: row.approval_id,
    requestedBy: row.requested_by,
    approvedBy: row.approved_by,
    dueAt: row.due_at,
    progress: progress.parse(row.progress),
    file:
      row.file_hash !== null && row.expires_at !== null
        ? { hash: row.file_hash, size: row.file_size ?? 0, expiresAt: row.expires_at }
        : null,
    receipt: row.receipt,
    failure: row.failure,
    createdAt: row.created_at,
    finishedAt: row.finished_at,
  }
}
