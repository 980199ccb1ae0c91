import { sql, type Generated, type Selectable } from 'kysely'
import { z } from 'zod'
import { newId } from '../ids/ids.ts'
import { cursorParts } from '../schema/cursor.ts'
import type { Page, PageRequest } from '../schema/page.ts'
import { listRows, type List } from '../sql/list.ts'
import type { OrganizationScope, Sql, Tx } from '../sql/sql.ts'
import type { KeptMail, MailMessage, MailState } from './mail.ts'

type Tables = {
  'platform.mail': {
    id: string
    organization_id: string
    recipient: string
    subject: string
    text: string | null
    state: MailState
    settled_at: Date | null
    failure: string | null
    created_at: Generated<Date>
  }
}

type MailRow = Selectable<Tables['platform.mail']>

/** A message that a server has not taken yet. */
export interface WaitingMail extends MailMessage {
  id: string
  writtenAt: Date
}

/** Keeps a message and answers its id. */
export async function insertMail(tx: Tx, message: MailMessage, state: 'KEPT' | 'WAITING'): Promise<string> {
  const { organizationId, to, subject, text } = message
  const row = { id: newId('msg'), organization_id: organizationId, recipient: to, subject, text, state }
  await tx.withTables<Tables>().insertInto('platform.mail').values(row).execute()
  return row.id
}

export function listMail(database: Sql, viewer: OrganizationScope, page: PageRequest): Promise<Page<KeptMail>> {
  return listRows({ database, viewer }, mails, page)
}

const mails: List<MailRow, KeptMail> = {
  from: sql`platform.mail`,
  order: ['id'],
  descending: true,
  cursor: z.tuple([cursorParts.id('msg')]),
  toNode: ({ id, recipient, subject, text, state, failure, created_at, settled_at }) => ({
    id,
    to: recipient,
    subject,
    text: state === 'KEPT' ? text : null,
    state,
    failure,
    writtenAt: created_at,
    settledAt: settled_at,
  }),
}

/** Null when it has been sent or given up already. */
export async function findWaiting(tx: Tx, id: string): Promise<WaitingMail | null> {
  const row = await tx
    .withTables<Tables>()
    .selectFrom('platform.mail')
    .selectAll()
    .where('id', '=', id)
    .where('state', '=', 'WAITING')
    .executeTakeFirst()
  if (!row || row.text === null) return null
  const { organization_id, recipient, subject, text, created_at } = row
  return { id, organizationId: organization_id, to: recipient, subject, text, writtenAt: created_at }
}

/** Ends the way of a message; its text goes with that. */
export async function settle(
  tx: Tx,
  id: string,
  { state, failure = null }: { state: 'SENT' | 'REFUSED'; failure?: string | null },
): Promise<void> {
  const end = { state, failure, text: null, settled_at: sql<Date>`now()` }
  const waiting = tx.withTables<Tables>().updateTable('platform.mail').where('state', '=', 'WAITING')
  await waiting.where('id', '=', id).set(end).execute()
}

/** Remembers what the server said of a message that still waits. */
export async function noteFailure(tx: Tx, id: string, failure: string | null): Promise<void> {
  const waiting = tx.withTables<Tables>().updateTable('platform.mail').where('state', '=', 'WAITING')
  await waiting.where('id', '=', id).set({ failure }).execute()
}
