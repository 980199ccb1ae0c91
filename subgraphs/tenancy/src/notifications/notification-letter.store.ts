import { rowsOf, type Tx } from '@passerelle/platform/sql'
import type { Notification } from './notification.ts'
import { toNotification } from './notification.store.ts'
import type { NotificationRow, NotificationTables } from './notification.tables.ts'

export interface Letter {
  id: string
  organizationId: string
  userId: string
  cadence: 'NOW' | 'DIGEST'
  dueAt: Date
}

/**
 * Makes sure that a message of the cadence is open for the person; true when this one is new. An open one is held until the transaction ends, so that it
 * cannot be closed without what the transaction adds.
 */
export async function openLetter(tx: Tx, { id, organizationId, userId, cadence, dueAt }: Letter): Promise<boolean> {
  const rows = await rowsOf<{ id: string }>(
    tx,
    `insert into tenancy.notification_letter (id, organization_id, user_id, cadence, due_at) values ($1, $2, $3, $4, $5)
     on conflict (organization_id, user_id, cadence) where closed_at is null do update set due_at = notification_letter.due_at returning id`,
    [id, organizationId, userId, cadence, dueAt],
  )
  return rows[0]?.id === id
}

/** Closes a message, with all that waits for it; what it takes along is the same when it is closed again. Null for one that was sent. */
export async function closeLetter(tx: Tx, id: string): Promise<{ letter: Letter; notices: Notification[] } | null> {
  const [letter] = await rowsOf<Letter>(
    tx,
    `update tenancy.notification_letter set closed_at = coalesce(closed_at, now()) where id = $1
     returning id, organization_id as "organizationId", user_id as "userId", cadence, due_at as "dueAt"`,
    [id],
  )
  if (!letter) return null
  await rowsOf(
    tx,
    `update tenancy.notification set letter_id = $1 where organization_id = $2 and user_id = $3 and mail = $4 and letter_id is null`,
    [id, letter.organizationId, letter.userId, letter.cadence],
  )
  // What has been read meanwhile needs no message.
  const rows = await rowsOf<NotificationRow>(
    tx,
    `select * from tenancy.notification where letter_id = $1 and read_at is null order by id limit 200`,
    [id],
  )
  return { letter, notices: rows.map(toNotification) }
}

/** A message that is on its way is forgotten here. */
export async function deleteLetter(tx: Tx, id: string): Promise<void> {
  await tx.withTables<NotificationTables>().deleteFrom('tenancy.notification_letter').where('id', '=', id).execute()
}
