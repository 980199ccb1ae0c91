import { sql, type Selectable } from 'kysely'
import { cursorParts, type Page, type PageRequest, type Viewer } from '@passerelle/platform/schema'
import type { Sql, Tx } from '@passerelle/platform/sql'
import { listRows, type List } from '@passerelle/platform/sql/list'
import { z } from 'zod'
import { askerOf } from '../asker.ts'
import type { Tables } from '../tables.ts'

type Row = Selectable<Tables['ai.conversation']>

/** A person's questions that belong together. */
export interface Conversation {
  id: string
  title: string
  createdAt: Date
  updatedAt: Date
}

export async function insertConversation(
  tx: Tx,
  conversation: { id: string; organizationId: string; userId: string; title: string },
): Promise<void> {
  await tx
    .withTables<Tables>()
    .insertInto('ai.conversation')
    .values({
      id: conversation.id,
      organization_id: conversation.organizationId,
      user_id: conversation.userId,
      title: conversation.title,
    })
    .execute()
}

export async function touchConversation(tx: Tx, id: string): Promise<void> {
  await tx
    .withTables<Tables>()
    .updateTable('ai.conversation')
    .set({ updated_at: new Date() })
    .where('id', '=', id)
    .execute()
}

export async function removeConversation(tx: Tx, id: string): Promise<void> {
  await tx.withTables<Tables>().deleteFrom('ai.conversation').where('id', '=', id).execute()
}

/** The person's own conversation, or null. */
export async function findConversation(tx: Tx, userId: string, id: string): Promise<Conversation | null> {
  const row = await tx
    .withTables<Tables>()
    .selectFrom('ai.conversation')
    .selectAll()
    .where('id', '=', id)
    .where('user_id', '=', userId)
    .executeTakeFirst()
  return row ? toConversation(row) : null
}

/** The person's conversations, the one last spoken in first. */
export function listConversations(database: Sql, viewer: Viewer, page: PageRequest): Promise<Page<Conversation>> {
  const list: List<Row, Conversation> = {
    from: sql.table('ai.conversation'),
    where: sql`user_id = ${askerOf(viewer)}`,
    order: ['updated_at', 'id'],
    descending: true,
    cursor: z.tuple([cursorParts.moment, cursorParts.id('cnv')]),
    toNode: toConversation,
  }
  return listRows({ database, viewer }, list, page)
}

function toConversation(row: Row): Conversation {
  return { id: row.id, title: row.title, createdAt: row.created_at, updatedAt: row.updated_at }
}
