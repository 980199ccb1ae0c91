import { audit } from '@passerelle/platform/audit'
import { readEntries, type StoredEntry } from '@passerelle/platform/audit/entries'
import { findGuardFaults, type GuardFault } from '@passerelle/platform/audit/guards'
import { verifyChain, type AuditVerdict } from '@passerelle/platform/audit/verify'
import { makeLink } from '@passerelle/platform/blobs/links'
import type { Viewer } from '@passerelle/platform/schema'
import type { Sql } from '@passerelle/platform/sql'
import type { Platform } from '@passerelle/platform/subgraph'
import { toCsvLine } from '@passerelle/platform/text'

export const auditPath = '/exports/audit'
export const auditPurpose = 'audit export'

const minutes = 15

/** What was found, and when. */
export interface AuditVerification extends AuditVerdict {
  /** What no longer keeps the log from being changed. */
  guardFaults: GuardFault[]
  verifiedAt: Date
}

/** Whoever asks while an organisation's chain is being looked at waits for the same look. */
const looking = new Map<string, Promise<AuditVerdict>>()

/** Looks at every entry of the organisation's chain, and at what guards it; that it was looked at, and what was found, is an entry too. */
export async function verifyLog(platform: Platform, viewer: Viewer): Promise<AuditVerification> {
  const { organizationId } = viewer
  const look = looking.get(organizationId) ?? verifyChain(platform, organizationId)
  looking.set(organizationId, look)
  const verdict = await look.finally(() => looking.delete(organizationId))
  const { entries, fault } = verdict
  if (fault) platform.log.error({ organizationId, fault }, 'the audit log is not what was written')
  const guardFaults = await findGuardFaults(platform.sql)
  if (guardFaults.length > 0) platform.log.error({ guardFaults }, 'the audit log is not guarded against changes')
  const unguarded = guardFaults.map(({ kind, table }) => `${kind} ${table}`)
  await platform.sql.withOrganization(viewer, async (tx) =>
    audit(tx, {
      action: 'audit_log.verified',
      detail: {
        entries,
        ...(fault && { fault: fault.kind, position: fault.position }),
        ...(unguarded.length > 0 && { unguarded }),
      },
    }),
  )
  return { ...verdict, guardFaults, verifiedAt: new Date() }
}

interface Format {
  ending: string
  contentType: string
  write(entries: AsyncIterable<StoredEntry[]>): AsyncIterable<string>
}

export const auditFormats = {
  CSV: { ending: '.csv', contentType: 'text/csv; charset=utf-8', write: toCsv },
  JSONL: { ending: '.jsonl', contentType: 'application/jsonl; charset=utf-8', write: toJsonl },
} satisfies Record<string, Format>
export type AuditFormat = keyof typeof auditFormats

export interface AuditExport {
  url: string
  filename: string
  expiresAt: Date
}

/** A link to the whole log of the organisation that lives a quarter of an hour; that it was made is an entry of the log. */
export async function linkAuditExport(
  { keys, sql }: Platform,
  viewer: Viewer,
  format: AuditFormat,
): Promise<AuditExport> {
  const now = new Date()
  const filename = `journal-${now.toISOString().slice(0, 10)}${auditFormats[format].ending}`
  const expiresAt = new Date(now.getTime() + minutes * 60_000)
  const path = `${auditPath}/${encodeURIComponent(filename)}`
  const url = makeLink({ keys }, viewer, { path, purpose: auditPurpose, subjectId: format, expiresAt })
  await sql.withOrganization(viewer, async (tx) => audit(tx, { action: 'audit_log.exported', detail: { format } }))
  return { url, filename, expiresAt }
}

/** The log as a text, written while it is read; null for a format that is none. */
export function openAuditExport(
  sql: Sql,
  organizationId: string,
  name: string,
): { contentType: string; text: AsyncIterable<string> } | null {
  const format: Format | undefined = Object.entries(auditFormats).find(([known]) => known === name)?.[1]
  return format ? { contentType: format.contentType, text: format.write(readEntries(sql, organizationId)) } : null
}

async function* toJsonl(pages: AsyncIterable<StoredEntry[]>): AsyncIterable<string> {
  for await (const page of pages) yield page.map((entry) => `${JSON.stringify(toFields(entry))}\n`).join('')
}

const columns = [
  'organizationId',
  'position',
  'occurredAt',
  'author',
  'userId',
  'keyId',
  'sessionId',
  'requestId',
  'caller',
  'action',
  'subjectKind',
  'subjectId',
  'detail',
  'hash',
] as const

/** What is hashed, under the names and in the order of the hash, and the hash: enough to verify the chain elsewhere. */
function toFields(entry: StoredEntry): Record<(typeof columns)[number], unknown> {
  const { hash, ...fields } = entry
  return { ...fields, occurredAt: entry.occurredAt.toISOString(), hash: hash.toString('hex') }
}

async function* toCsv(pages: AsyncIterable<StoredEntry[]>): AsyncIterable<string> {
  yield toCsvLine(columns)
  for await (const page of pages)
    yield page
      .map((entry) => {
        const fields = toFields(entry)
        return toCsvLine(columns.map((column) => (fields[column] === null ? null : String(fields[column]))))
      })
      .join('')
}
