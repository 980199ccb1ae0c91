import { sql } from 'kysely'
import { cursorParts, pageOf, requireAfter, type Page, type PageRequest, type Viewer } from '@passerelle/platform/schema'
import type { Sql, Tx } from '@passerelle/platform/sql'
import { z } from 'zod'
import type { Tables } from './tables.ts'

/** A person's questions that belong together. */
export interface Conversation {
  id: string
  title: string
  createdAt: Date
  updatedAt: Date
}

export async function insertConversation(tx: Tx, conversation: { id: string; organizationId: string; userId: string; title: string }): Promise<void> {
  await tx
    .withTables<Tables>()
    .insertInto('ai.conversation')
    .values({ id: conversation.id, organization_id: conversation.organizationId, user_id: conversation.userId, title: conversation.title })
    .execute()
}

export async function touchConversation(tx: Tx, id: string): Promise<void> {
  await tx.withTables<Tables>().updateTable('ai.conversation').set({ updated_at: new Date() }).where('id', '=', id).execute()
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
export function listConversations(database: Sql, viewer: Viewer, request: PageRequest): Promise<Page<Conversation>> {
  const after = requireAfter(z.tuple([cursorParts.seconds, cursorParts.id('cnv')]), request)
  return database.withOrganization(viewer, async (tx) => {
    const key = sql<string>`extract(epoch from updated_at)::numeric(20,6)::text`
    const rows = await tx
      .withTables<Tables>()
      .selectFrom('ai.conversation')
      .selectAll()
      .select(key.as('sort_key'))
      .where('user_id', '=', viewer.userId)
      .$if(after !== null, (query) => query.where(sql<boolean>`(updated_at, id) < (to_timestamp(${after?.[0]}::numeric), ${after?.[1]})`))
      .orderBy('updated_at', 'desc')
      .orderBy('id', 'desc')
      .limit(request.first + 1)
      .execute()
    return pageOf(rows, request, { key: (row) => [row.sort_key, row.id], node: toConversation, total: () => countConversations(database, viewer) })
  })
}

function countConversations(database: Sql, viewer: Viewer): Promise<number> {
  return database.withOrganization(viewer, async (tx) => {
    const { count } = await tx
      .withTables<Tables>()
      .selectFrom('ai.conversation')
      .select((query) => query.fn.countAll<number>().as('count'))
      .where('user_id', '=', viewer.userId)
      .executeTakeFirstOrThrow()
    return count
  })
}

function toConversation(row: { id: string; title: string; created_at: Date; updated_at: Date }): Conversation {
  return { id: row.id, title: row.title, createdAt: row.created_at, updatedAt: row.updated_at }
}
