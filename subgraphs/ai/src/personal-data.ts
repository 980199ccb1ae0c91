import { createMatcher, type Holding, type PersonalData, type Subject } from '@passerelle/platform/privacy'
import { findInTexts, maskInTexts, type TextTable } from '@passerelle/platform/privacy/texts'
import { rowsOf, type Tx } from '@passerelle/platform/sql'
import { aiRetention } from './retention.ts'

/** What was asked, answered, handed over and sent to models, in which anybody may be named. */
const texts: readonly TextTable[] = [
  { name: 'ai.conversation', row: 'id', texts: ['title'] },
  { name: 'ai.answer', row: 'id', texts: ['question', 'text'], json: ['sentences'] },
  { name: 'ai.hand_over', row: 'id', texts: ['question', 'note', 'reply'] },
  { name: 'ai.job', row: 'id', texts: ['prompt', 'input', 'output', 'error'], json: ['context'] },
]

/** What a member asked themselves. Calls stay as figures, without whose they were and what was said. */
const own = [
  { store: 'ai.conversation', select: 'select id from ai.conversation where user_id = $1' },
  { store: 'ai.answer', select: 'select id from ai.answer where user_id = $1' },
  { store: 'ai.hand_over', select: 'select id from ai.hand_over where asker_id = $1' },
  { store: 'ai.job', select: 'select id from ai.job where user_id = $1' },
]

/** What the AI's room knows of people: the conversations of a member, and everybody whom questions, answers and model calls name. */
export const personalData: PersonalData = {
  find: ({ sql }, { organizationId, subject }) =>
    sql.withOrganization({ organizationId }, (tx) => findPerson(tx, subject)),

  async *export({ sql }, { organizationId, subject }) {
    for (const { store } of own) {
      const rows = await sql.withOrganization({ organizationId }, async (tx) => {
        const held = (await findPerson(tx, subject)).find((one) => one.store === store)
        return held ? rowsOf(tx, `select * from ${store} where id = any($1) order by id`, [held.ids]) : []
      })
      if (rows.length > 0) yield { path: `${store.replace('.', '/')}.json`, content: JSON.stringify(rows, null, 2) }
    }
  },

  async erase({ sql }, { organizationId, subject }) {
    await sql.withOrganization({ organizationId }, async (tx) => {
      if (subject.userId) {
        await rowsOf(tx, 'delete from ai.conversation where user_id = $1', [subject.userId])
        await rowsOf(tx, 'delete from ai.hand_over where asker_id = $1', [subject.userId])
        await rowsOf(
          tx,
          `update ai.job set user_id = null, prompt = null, input = null, output = null, error = null, context = null where user_id = $1`,
          [subject.userId],
        )
      }
      for (const table of texts) await maskInTexts(tx, table, createMatcher(subject))
    })
  },

  retention: aiRetention,
}

async function findPerson(tx: Tx, subject: Subject): Promise<Holding[]> {
  const found = new Map<string, Set<string>>()
  const add = (store: string, ids: readonly string[]): void => {
    found.set(store, new Set([...(found.get(store) ?? []), ...ids]))
  }
  if (subject.userId)
    for (const { store, select } of own)
      add(
        store,
        (await rowsOf<{ id: string }>(tx, select, [subject.userId])).map(({ id }) => id),
      )
  for (const table of texts) add(table.name, await findInTexts(tx, table, createMatcher(subject)))
  return [...found].flatMap(([store, ids]) => (ids.size > 0 ? [{ store, ids: [...ids].toSorted() }] : []))
}
