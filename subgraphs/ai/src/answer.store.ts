import { cursorParts, pageOf, requireAfter, type Page, type PageRequest, type Viewer } from '@passerelle/platform/schema'
import type { Sql, Tx } from '@passerelle/platform/sql'
import type { Selectable } from 'kysely'
import type { Answer } from './answer.ts'
import { z } from 'zod'
import type { Tables } from './tables.ts'

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
  const rows = await tx.withTables<Tables>().selectFrom('ai.answer').selectAll().where('user_id', '=', userId).where('id', 'in', ids).execute()
  return new Map(rows.map((row) => [row.id, toAnswer(row)]))
}

/** A conversation's answers, oldest first. */
export function listAnswers(database: Sql, viewer: Viewer, conversationId: string, request: PageRequest): Promise<Page<Answer>> {
  const after = requireAfter(z.tuple([cursorParts.id('ans')]), request)
  return database.withOrganization(viewer, async (tx) => {
    const answers = tx
      .withTables<Tables>()
      .selectFrom('ai.answer')
      .where('conversation_id', '=', conversationId)
      .where('user_id', '=', viewer.userId)
    const rows = await answers
      .selectAll()
      .$if(after !== null, (query) => query.where('id', '>', after?.[0] ?? ''))
      .orderBy('id')
      .limit(request.first + 1)
      .execute()
    return pageOf(rows, request, { key: (row) => [row.id], node: toAnswer, total: () => countAnswers(database, viewer, conversationId) })
  })
}

function countAnswers(database: Sql, viewer: Viewer, conversationId: string): Promise<number> {
  return database.withOrganization(viewer, async (tx) => {
    const { count } = await tx
      .withTables<Tables>()
      .selectFrom('ai.answer')
      .select((query) => query.fn.countAll<number>().as('count'))
      .where('conversation_id', '=', conversationId)
      .where('user_id', '=', viewer.userId)
      .executeTakeFirstOrThrow()
    return count
  })
}

function toAnswer(row: Selectable<Tables['ai.answer']>): Answer {
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
