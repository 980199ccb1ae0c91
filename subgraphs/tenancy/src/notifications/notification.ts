import { publish } from '@passerelle/platform/facts'
import { InvalidInput } from '@passerelle/platform/schema'
import type { Sql, Tx } from '@passerelle/platform/sql'
import type { Person } from './notification-preference.ts'
import { noticesRead } from './notification.facts.ts'
import type { NoticeKind } from './notification.rules.ts'
import { archive, markRead } from './notification.store.ts'

/** What one person was told: a kind and what it is about. The words are made where it is read. */
export interface Notification {
  id: string
  organizationId: string
  userId: string
  kind: NoticeKind
  subjectId: string
  topic: string
  params: Readonly<Record<string, string | number>>
  createdAt: Date
  readAt: Date | null
  archivedAt: Date | null
}

const mostAtOnce = 100

/** Marks some of the person's own as read or unread; answers how many that changed. Those of others are passed over, as those of nobody. */
export function markNotifications(
  sql: Sql,
  person: Person,
  { ids, read }: { ids: readonly string[]; read: boolean },
): Promise<number> {
  requireFew(ids)
  return changing(sql, person, (tx) => markRead(tx, { userId: person.userId, ids, read }))
}

/** Marks all that the person was told as read. */
export function markAllNotifications(sql: Sql, person: Person): Promise<number> {
  return changing(sql, person, (tx) => markRead(tx, { userId: person.userId, ids: null, read: true }))
}

/** Puts some of the person's own away, or back. */
export function archiveNotifications(
  sql: Sql,
  person: Person,
  { ids, archived }: { ids: readonly string[]; archived: boolean },
): Promise<number> {
  requireFew(ids)
  return changing(sql, person, (tx) => archive(tx, { userId: person.userId, ids, archived }))
}

/** Tells the person's other screens. */
function changing(sql: Sql, person: Person, change: (tx: Tx) => Promise<number>): Promise<number> {
  return sql.withOrganization(person, async (tx) => {
    const count = await change(tx)
    if (count > 0) publish(tx, noticesRead(person.userId))
    return count
  })
}

function requireFew(ids: readonly string[]): void {
  if (ids.length > mostAtOnce) throw new InvalidInput(`At most ${mostAtOnce} are changed at once.`, ['ids'])
}
