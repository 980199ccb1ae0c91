import { sql, type Selectable } from 'kysely'
import { cursorParts, type Page, type PageRequest, type Viewer } from '@passerelle/platform/schema'
import type { Sql, Tx } from '@passerelle/platform/sql'
import { listRows, type List } from '@passerelle/platform/sql/list'
import { z } from 'zod'
import type { Answer } from './answer.ts'
import { askerOf } from '../asker.ts'
import type { Tables } from '../tables.ts'

type Row = Selectable<Tables['ai.answer']>

/** Keeps an answer. A request id that has one already keeps the first, which is returned. */
export async function saveAnswer(tx: Tx, answer: Answer): Promise<Answer> {
  const tables = tx.withTables<Tables>()
  const row = await tables
    .insertInto('ai.answer')
    .values({
      id: answer.id,
      organization_id: answer.organizationId,
      conversation_id: answer.conversationId,
      user_id: answer.userId,
      request_id: answer.requestId,
      question: answer.question,
      text: answer.text,
      abstained: answer.abstained,
      sentences: JSON.stringify(answer.sentences),
      mode: answer.mode,
      model: answer.model,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returningAll()
    .executeTakeFirst()
  if (row) return toAnswer(row)
  const first = await findByRequest(tx, answer.userId, answer.requestId ?? '')
  if (!first) throw new Error(`The answer ${answer.id} could not be kept.`)
  return first
}

export async function findByRequest(tx: Tx, userId: string, requestId: string): Promise<Answer | null> {
  const row = await tx
    .withTables<Tables>()
    .selectFrom('ai.answer')
    .selectAll()
    .where('user_id', '=', userId)
    .where('request_id', '=', requestId)
    .executeTakeFirst()
  return row ? toAnswer(row) : null
}

/** The person's own answers under these ids. */
export async function loadAnswers(tx: Tx, userId: string, ids: readonly string[]): Promise<Map<string, Answer>> {
  const rows = await tx
    .withTables<Tables>()
    .selectFrom('ai.answer')
    .selectAll()
    .where('user_id', '=', userId)
    .where('id', 'in', ids)
    .execute()
  return new Map(rows.map((row) => [row.id, toAnswer(row)]))
}

/** A conversation's answers, oldest first. */
export function listAnswers(
  database: Sql,
  viewer: Viewer,
  { conversationId, page }: { conversationId: string; page: PageRequest },
): Promise<Page<Answer>> {
  const list: List<Row, Answer> = {
    from: sql.table('ai.answer'),
    where: sql`conversation_id = ${conversationId} and user_id = ${askerOf(viewer)}`,
    order: ['id'],
    cursor: z.tuple([cursorParts.id('ans')]),
    toNode: toAnswer,
  }
  return listRows({ database, viewer }, list, page)
}

function toAnswer(row: Row): Answer {
  return {
    id: row.id,
    organizationId: row.organization_id,
    userId: row.user_id,
    conversationId: row.conversation_id,
    requestId: row.request_id,
    question: row.question,
    text: row.text,
    abstained: row.abstained,
    sentences: row.sentences,
    mode: row.mode,
    model: row.model,
    createdAt: row.created_at,
  }
}
