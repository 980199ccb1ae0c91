import { sql, type Generated, type Selectable } from 'kysely'
import { z } from 'zod'
import { newId } from '../ids/ids.ts'
import { cursorParts } from '../schema/cursor.ts'
import type { Page, PageRequest } from '../schema/page.ts'
import { readRow, sealRow, type FieldKeys, type SealedTable } from '../sealing/sealing.ts'
import { listRows, type List } from '../sql/list.ts'
import type { OrganizationScope, Sql, Tx } from '../sql/sql.ts'
import type { KeptMail, MailMessage, MailState } from './mail.ts'

type Tables = {
  'platform.mail': {
    id: string
    organization_id: string
    recipient: string
    recipient_index: string | null
    subject: string
    text: string | null
    state: MailState
    settled_at: Date | null
    failure: string | null
    created_at: Generated<Date>
  }
}

/** What a message says and whom it is for. It is found by its reader's address alone. */
export const mailTable: SealedTable = {
  name: 'platform.mail',
  row: 'id',
  columns: ['recipient', 'subject', 'text'],
  made: ({ recipient }, keys) => ({ recipient_index: recipientIndex(keys, String(recipient)) }),
}

/** Under which the messages to an address are found. */
export function recipientIndex(keys: FieldKeys, address: string): string {
  return keys.blindIndex('EMAIL', address.toLowerCase())
}

type MailRow = Selectable<Tables['platform.mail']>

/** A message that a server has not taken yet. */
export interface WaitingMail extends MailMessage {
  id: string
  writtenAt: Date
}

/** Keeps a message and answers its id. */
export async function insertMail(
  tx: Tx,
  keys: FieldKeys,
  { state, ...message }: MailMessage & { state: 'KEPT' | 'WAITING' },
): Promise<string> {
  const { organizationId, to, subject, text, id = newId('msg') } = message
  const row = { id, organization_id: organizationId, recipient: to, subject, text, state }
  const sealed = { ...sealRow(keys, mailTable, row), recipient_index: recipientIndex(keys, to) }
  const inserting = tx.withTables<Tables>().insertInto('platform.mail').values(sealed)
  await inserting.onConflict((conflict) => conflict.column('id').doNothing()).execute()
  return row.id
}

export function listMail(
  { database, viewer, keys }: { database: Sql; viewer: OrganizationScope; keys: FieldKeys },
  page: PageRequest,
): Promise<Page<KeptMail>> {
  const mails: List<MailRow, KeptMail> = {
    from: sql`platform.mail`,
    order: ['id'],
    descending: true,
    cursor: z.tuple([cursorParts.id('msg')]),
    toNode: (row) => toKept(readRow(keys, mailTable, row)),
  }
  return listRows({ database, viewer }, mails, page)
}

function toKept({ id, recipient, subject, text, state, failure, created_at, settled_at }: MailRow): KeptMail {
  return {
    id,
    to: recipient,
    subject,
    text: state === 'KEPT' ? text : null,
    state,
    failure,
    writtenAt: created_at,
    settledAt: settled_at,
  }
}

/** Null when it has been sent or given up already. */
export async function findWaiting(tx: Tx, keys: FieldKeys, id: string): Promise<WaitingMail | null> {
  const sealed = await tx
    .withTables<Tables>()
    .selectFrom('platform.mail')
    .selectAll()
    .where('id', '=', id)
    .where('state', '=', 'WAITING')
    .executeTakeFirst()
  if (!sealed) return null
  const { organization_id, recipient, subject, text, created_at } = readRow(keys, mailTable, sealed)
  return text === null
    ? null
    : { id, organizationId: organization_id, to: recipient, subject, text, writtenAt: created_at }
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
