import { sql, type RawBuilder } from 'kysely'
import { entryColumns, toEntry, type EntryRow, type StoredEntry } from '@passerelle/platform/audit/entries'
import type { AuditAuthor } from '@passerelle/platform/audit'
import { cursorParts, type Page, type PageRequest, type Viewer } from '@passerelle/platform/schema'
import type { Sql } from '@passerelle/platform/sql'
import { listRows } from '@passerelle/platform/sql/list'
import { z } from 'zod'

/** Which entries: those that match all that is given. */
export interface AuditFilter {
  authors?: readonly AuditAuthor[] | null | undefined
  userId?: string | null | undefined
  keyId?: string | null | undefined
  actions?: readonly string[] | null | undefined
  subjectKind?: string | null | undefined
  subjectId?: string | null | undefined
  /** From this moment on, and until the other, without it. */
  from?: Date | null | undefined
  until?: Date | null | undefined
}

/** The entries of the viewer's organisation, the newest first. */
export function listEntries(
  database: Sql,
  viewer: Viewer,
  { filter, page }: { filter: AuditFilter; page: PageRequest },
): Promise<Page<StoredEntry>> {
  return listRows<EntryRow, StoredEntry>(
    { database, viewer },
    {
      from: sql`(select ${sql.raw(entryColumns)} from platform.audit_entry where organization_id = ${viewer.organizationId}) as entry`,
      where: matching(filter),
      order: ['position'],
      descending: true,
      cursor: z.tuple([cursorParts.serial]),
      toNode: toEntry,
    },
    page,
  )
}

function matching(filter: AuditFilter): RawBuilder<boolean> {
  const { authors, userId, keyId, actions, subjectKind, subjectId, from, until } = filter
  const parts = [sql<boolean>`true`]
  if (authors) parts.push(sql`author = any(${authors})`)
  if (userId) parts.push(sql`user_id = ${userId}`)
  if (keyId) parts.push(sql`key_id = ${keyId}`)
  if (actions) parts.push(sql`action = any(${actions})`)
  if (subjectKind) parts.push(sql`subject_kind = ${subjectKind}`)
  if (subjectId) parts.push(sql`subject_id = ${subjectId}`)
  if (from) parts.push(sql`occurred_at >= ${from}`)
  if (until) parts.push(sql`occurred_at < ${until}`)
  return sql`${sql.join(parts, sql` and `)}`
}

/** Every action that the organisation's log has, in the order of the alphabet. Looks each up in the index, however many entries there are. */
export async function listActions(database: Sql, viewer: Viewer): Promise<string[]> {
  const { rows } = await database.withOrganization(viewer, (tx) =>
    sql<{ action: string }>`
      with recursive found as (
        (select action from platform.audit_entry where organization_id = ${viewer.organizationId} order by action limit 1)
        union all
        select (select action from platform.audit_entry
                where organization_id = ${viewer.organizationId} and action > found.action order by action limit 1)
        from found where found.action is not null)
      select action from found where action is not null order by action`.execute(tx),
  )
  return rows.map(({ action }) => action)
}
