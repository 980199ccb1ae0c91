import { sql } from 'kysely'
import { z } from 'zod'
import { cursorParts, type Page, type PageRequest } from '@passerelle/platform/schema'
import { rowsOf, type Sql, type Tx } from '@passerelle/platform/sql'
import { listRows, type List } from '@passerelle/platform/sql/list'
import type { Person } from './notification-preference.ts'
import type { MailCadence } from './notification.rules.ts'
import type { NotificationRow, NotificationTables } from './notification.tables.ts'
import type { Notification } from './notification.ts'

const table = 'tenancy.notification'

export type NotificationView = 'ALL' | 'UNREAD' | 'ARCHIVED'

/** What a person was told, newest first. */
export function listNotifications(
  { sql: database, person }: { sql: Sql; person: Person },
  view: NotificationView,
  page: PageRequest,
): Promise<Page<Notification>> {
  const inView = {
    ALL: sql`archived_at is null`,
    UNREAD: sql`archived_at is null and read_at is null`,
    ARCHIVED: sql`archived_at is not null`,
  }[view]
  const list: List<NotificationRow, Notification> = {
    from: sql.table(table),
    where: sql`user_id = ${person.userId} and shown and ${inView}`,
    order: ['id'],
    descending: true,
    cursor: z.tuple([cursorParts.id('ntf')]),
    toNode: toNotification,
  }
  return listRows({ database, viewer: person }, list, page)
}

/** One of the person's own. */
export async function findNotification(
  tx: Tx,
  { id, userId }: { id: string; userId: string },
): Promise<Notification | null> {
  const row = await tx
    .withTables<NotificationTables>()
    .selectFrom(table)
    .selectAll()
    .where('id', '=', id)
    .where('user_id', '=', userId)
    .where('shown', '=', true)
    .executeTakeFirst()
  return row ? toNotification(row) : null
}

export async function countUnread(tx: Tx, userId: string): Promise<number> {
  const [row] = await rowsOf<{ count: number }>(
    tx,
    `select count(*) as count from ${table} where user_id = $1 and shown and read_at is null and archived_at is null`,
    [userId],
  )
  return row?.count ?? 0
}

/** Whether the person was told of the topic within the last hour. */
export async function wasToldLately(
  tx: Tx,
  { userId, kind, topic }: Pick<Notification, 'userId' | 'kind' | 'topic'>,
): Promise<boolean> {
  const rows = await rowsOf(
    tx,
    `select 1 from ${table} where user_id = $1 and kind = $2 and topic = $3 and created_at > now() - interval '1 hour' limit 1`,
    [userId, kind, topic],
  )
  return rows.length > 0
}

/** Removes some of what the person was told longer ago: the oldest first. */
export async function pruneNotifications(tx: Tx, userId: string, days: number): Promise<void> {
  await rowsOf(
    tx,
    `delete from ${table} where id in (
       select id from (select id, created_at from ${table}
         where organization_id = current_setting('passerelle.organization') and user_id = $1 and shown order by id limit 20) as oldest
       where created_at < now() - $2 * interval '1 day')`,
    [userId, days],
  )
}

/** False when the person has been told of the fact already. */
export async function insertNotification(
  tx: Tx,
  notification: Notification & { factPosition: number; shown: boolean; mail: MailCadence },
): Promise<boolean> {
  const { id, organizationId, userId, kind, subjectId, topic, params, factPosition, shown, mail } = notification
  const { numInsertedOrUpdatedRows } = await tx
    .withTables<NotificationTables>()
    .insertInto(table)
    .values({
      id,
      organization_id: organizationId,
      user_id: userId,
      kind,
      subject_id: subjectId,
      topic,
      params: JSON.stringify(params),
      fact_position: factPosition,
      shown,
      read_at: null,
      archived_at: null,
      mail,
      letter_id: null,
    })
    .onConflict((conflict) => conflict.columns(['organization_id', 'user_id', 'fact_position', 'kind']).doNothing())
    .executeTakeFirst()
  return (numInsertedOrUpdatedRows ?? 0n) > 0n
}

/** Marks some of the person's notices, or all of them, as read or unread; answers how many changed. */
export async function markRead(
  tx: Tx,
  { userId, ids, read }: { userId: string; ids: readonly string[] | null; read: boolean },
): Promise<number> {
  const rows = await rowsOf(
    tx,
    `update ${table} set read_at = case when $3 then now() end
     where user_id = $1 and shown and ($2::text[] is null or id = any($2)) and (read_at is null) = $3 returning 1`,
    [userId, ids && [...ids], read],
  )
  return rows.length
}

/** Puts some of the person's notices away, or back; what is put away is read. */
export async function archive(
  tx: Tx,
  { userId, ids, archived }: { userId: string; ids: readonly string[]; archived: boolean },
): Promise<number> {
  const rows = await rowsOf(
    tx,
    `update ${table} set archived_at = case when $3 then now() end, read_at = coalesce(read_at, now())
     where user_id = $1 and shown and id = any($2) and (archived_at is null) = $3 returning 1`,
    [userId, [...ids], archived],
  )
  return rows.length
}

export function toNotification(row: NotificationRow): Notification {
  return {
    id: row.id,
    organizationId: row.organization_id,
    userId: row.user_id,
    kind: row.kind,
    subjectId: row.subject_id,
    topic: row.topic,
    params: paramsOf.parse(row.params),
    createdAt: row.created_at,
    readAt: row.read_at,
    archivedAt: row.archived_at,
  }
}

const paramsOf = z.record(z.string(), z.union([z.string(), z.number()]))
