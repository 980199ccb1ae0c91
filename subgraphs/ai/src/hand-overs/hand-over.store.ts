import { sql, type RawBuilder, type Selectable } from 'kysely'
import { cursorParts, type Page, type PageRequest, type Viewer } from '@passerelle/platform/schema'
import type { Sql, Tx } from '@passerelle/platform/sql'
import { listRows, type List } from '@passerelle/platform/sql/list'
import { z } from 'zod'
import { mayAnswer } from './hand-over.policy.ts'
import type { HandOver, HandOverStatus } from './hand-over.ts'
import type { Tables } from '../tables.ts'

type Row = Selectable<Tables['ai.hand_over']>

/** Keeps it; an answer that was handed over already has its first one, which is returned. */
export async function insertHandOver(tx: Tx, handOver: HandOver): Promise<{ handOver: HandOver; isNew: boolean }> {
  const tables = tx.withTables<Tables>()
  const row = await tables
    .insertInto('ai.hand_over')
    .values({
      id: handOver.id,
      organization_id: handOver.organizationId,
      answer_id: handOver.answerId,
      conversation_id: handOver.conversationId,
      asker_id: handOver.askerId,
      question: handOver.question,
      created_at: handOver.createdAt,
      ...toColumns(handOver),
    })
    .onConflict((conflict) => conflict.columns(['organization_id', 'answer_id']).doNothing())
    .returningAll()
    .executeTakeFirst()
  if (row) return { handOver: toHandOver(row), isNew: true }
  const first = await tables
    .selectFrom('ai.hand_over')
    .selectAll()
    .where('answer_id', '=', handOver.answerId)
    .executeTakeFirstOrThrow()
  return { handOver: toHandOver(first), isNew: false }
}

/** Held until the transaction ends, so that of two changes at once the second sees the first. */
export async function holdHandOver(tx: Tx, id: string): Promise<HandOver | null> {
  const row = await tx
    .withTables<Tables>()
    .selectFrom('ai.hand_over')
    .selectAll()
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
  return row ? toHandOver(row) : null
}

export async function updateHandOver(tx: Tx, handOver: HandOver): Promise<void> {
  await tx
    .withTables<Tables>()
    .updateTable('ai.hand_over')
    .set(toColumns(handOver))
    .where('id', '=', handOver.id)
    .execute()
}

/** Those that the viewer sees, by the ids in a column. */
export async function loadHandOvers(
  tx: Tx,
  viewer: Viewer,
  { by, ids }: { by: 'id' | 'answer_id'; ids: readonly string[] },
): Promise<HandOver[]> {
  const { rows } = await sql<Row>`
    select * from ai.hand_over where ${sql.ref(by)} = any(${ids}) and ${seenBy(viewer)}`.execute(tx)
  return rows.map(toHandOver)
}

/** Which hand-overs a list is of. */
export interface HandOverFilter {
  statuses: readonly HandOverStatus[] | null
  /** Only those that the viewer has taken, or has asked. */
  mine: boolean
  asked: boolean
}

/** Those that the viewer sees, by when they were handed over. */
export function listHandOvers(
  database: Sql,
  viewer: Viewer,
  { filter, newestFirst, page }: { filter: HandOverFilter; newestFirst: boolean; page: PageRequest },
): Promise<Page<HandOver>> {
  const parts = [seenBy(viewer)]
  if (filter.statuses) parts.push(sql`status = any(${filter.statuses})`)
  if (filter.mine) parts.push(sql`assignee_id = ${viewer.userId}`)
  if (filter.asked) parts.push(sql`asker_id = ${viewer.userId}`)
  const list: List<Row, HandOver> = {
    from: sql.table('ai.hand_over'),
    where: sql`${sql.join(parts, sql` and `)}`,
    order: ['id'],
    descending: newestFirst,
    cursor: z.tuple([cursorParts.id('hnd')]),
    toNode: toHandOver,
  }
  return listRows({ database, viewer }, list, page)
}

function seenBy(viewer: Viewer): RawBuilder<boolean> {
  return mayAnswer(viewer) ? sql`true` : sql`asker_id = ${viewer.userId}`
}

function toColumns(handOver: HandOver) {
  return {
    assignee_id: handOver.assigneeId,
    note: handOver.note,
    status: handOver.status,
    reply: handOver.reply,
    reply_document_ids: handOver.replyDocumentIds,
    replier_id: handOver.replierId,
    updated_at: handOver.updatedAt,
    taken_at: handOver.takenAt,
    answered_at: handOver.answeredAt,
    closed_at: handOver.closedAt,
  }
}

function toHandOver(row: Row): HandOver {
  return {
    id: row.id,
    organizationId: row.organization_id,
    answerId: row.answer_id,
    conversationId: row.conversation_id,
    askerId: row.asker_id,
    assigneeId: row.assignee_id,
    question: row.question,
    note: row.note,
    status: row.status,
    reply: row.reply,
    replyDocumentIds: row.reply_document_ids,
    replierId: row.replier_id,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    takenAt: row.taken_at,
    answeredAt: row.answered_at,
    closedAt: row.closed_at,
  }
}
