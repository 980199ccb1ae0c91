import { mailTable, recipientIndex } from '../mail/mail.store.ts'
import { readRow, sealRow, type FieldKeys } from '../sealing/sealing.ts'
import { rowsOf, type Tx } from '../sql/sql.ts'
import type { Platform } from '../subgraph/subgraph.ts'
import { createMatcher, type Matcher } from './matcher.ts'
import type { ErasureRequest, ExportedFile, Holding, PersonalData, SubjectRequest } from './privacy.ts'
import { findInTexts, loadInTexts, maskInTexts, type TextTable } from './texts.ts'

/** What the house itself knows of people: the messages it wrote to them, what was proposed about them, and the engines that all rooms share. */
export const housePersonalData: PersonalData = {
  find: async (platform, request) => [
    ...(await findMails(platform, request)),
    ...(await findProposals(platform, request)),
  ],
  async *export(platform, request) {
    yield* exportMails(platform, request)
    const { organizationId, subject } = request
    const proposed = await platform.sql.withOrganization({ organizationId }, (tx) =>
      loadInTexts(tx, proposals, createMatcher(subject)),
    )
    if (proposed.length > 0) yield { path: 'platform/proposals.json', content: JSON.stringify(proposed, null, 2) }
  },
  async erase(platform, request) {
    await eraseMails(platform, request)
    await platform.sql.withOrganization(request, (tx) => maskInTexts(tx, proposals, createMatcher(request.subject)))
  },
  async eraseOrganization({ graph, coordination }, { organizationId }) {
    const { entities, documents } = await graph.statistics(organizationId)
    await graph.forgetAll(organizationId)
    const keys = await coordination.memory.removeAll(organizationId, '')
    return [
      { store: 'graph.entity', count: entities },
      { store: 'graph.document', count: documents },
      { store: 'coordination.key', count: keys },
    ]
  },
  retention: [
    {
      noun: 'platform.mail',
      legalMinimumDays: 0,
      async count(tx, before) {
        const [row] = await rowsOf<{ count: number }>(
          tx,
          `select count(*) as count from platform.mail where ${settled}`,
          [before],
        )
        return row?.count ?? 0
      },
      async remove(tx, { before, most }) {
        const rows = await rowsOf(
          tx,
          `delete from platform.mail where id in (select id from platform.mail where ${settled} order by id limit $2) returning id`,
          [before, most],
        )
        return rows.length
      },
    },
  ],
}

/** What was put before people, in which anybody may be named. */
const proposals: TextTable = {
  name: 'platform.approval',
  row: 'id',
  texts: ['note', 'reason'],
  json: ['payload', 'proposed_payload', 'preview', 'result', 'failure'],
  keys: { request_key: () => null },
}

async function findProposals({ sql }: Platform, { organizationId, subject }: SubjectRequest): Promise<Holding[]> {
  const ids = await sql.withOrganization({ organizationId }, (tx) => findInTexts(tx, proposals, createMatcher(subject)))
  return ids.length === 0 ? [] : [{ store: proposals.name, ids }]
}

/** A message that waits for its server is not old, whenever it was written. */
const settled = `state <> 'WAITING' and created_at < $1`

async function findMails(platform: Platform, request: SubjectRequest): Promise<Holding[]> {
  const keys = await platform.sealing.keysOf(request.organizationId)
  const theirs = await mailsTo(platform, request)
  const others = await platform.sql.withOrganization(request, (tx) =>
    findMailsNaming(tx, keys, { matcher: createMatcher(request.subject), hold: false }),
  )
  const ids = new Set([...theirs, ...others].map(({ id }) => id))
  return ids.size === 0 ? [] : [{ store: mailTable.name, ids: [...ids] }]
}

async function* exportMails(platform: Platform, request: SubjectRequest): AsyncGenerator<ExportedFile> {
  const keys = await platform.sealing.keysOf(request.organizationId)
  const mails = (await mailsTo(platform, request)).map((row) => readRow(keys, mailTable, row))
  if (mails.length > 0) yield { path: 'platform/mails.json', content: JSON.stringify(mails, null, 2) }
}

async function eraseMails(platform: Platform, request: ErasureRequest): Promise<void> {
  const keys = await platform.sealing.keysOf(request.organizationId)
  const ids = (await mailsTo(platform, request)).map(({ id }) => id)
  const matcher = createMatcher(request.subject)
  await platform.sql.withOrganization(request, async (tx) => {
    await rowsOf(tx, 'delete from platform.mail where id = any($1)', [ids])
    for (const { id, subject, text } of await findMailsNaming(tx, keys, { matcher, hold: true })) {
      const masked = { id, subject: matcher.mask(subject), text: text && matcher.mask(text) }
      const sealed = sealRow(keys, mailTable, masked)
      const values = [id, sealed.subject, sealed.text]
      await rowsOf(tx, 'update platform.mail set subject = $2, text = $3 where id = $1', values)
    }
  })
}

const batch = 500

/** The messages to others that name the person, held to be changed or only looked at. They are sealed one by one, so each of them is opened to look. */
async function findMailsNaming(
  tx: Tx,
  keys: FieldKeys,
  { matcher, hold }: { matcher: Matcher; hold: boolean },
): Promise<Pick<MailRow, 'id' | 'subject' | 'text'>[]> {
  const found: Pick<MailRow, 'id' | 'subject' | 'text'>[] = []
  if (matcher.isEmpty) return found
  for (let after = ''; ;) {
    const rows = await rowsOf<Pick<MailRow, 'id' | 'subject' | 'text'>>(
      tx,
      `select id, subject, text from platform.mail where id > $1 order by id limit ${batch} ${hold ? 'for update' : ''}`,
      [after],
    )
    const opened = rows.map((row) => readRow(keys, mailTable, row))
    found.push(
      ...opened.filter(({ subject, text }) => matcher.finds(subject) || (text !== null && matcher.finds(text))),
    )
    const last = rows.at(-1)
    if (!last || rows.length < batch) return found
    after = last.id
  }
}

interface MailRow {
  id: string
  recipient: string
  subject: string
  text: string | null
  state: string
  createdAt: Date
}

async function mailsTo({ sql, sealing }: Platform, { organizationId, subject }: SubjectRequest): Promise<MailRow[]> {
  if (subject.emails.length === 0) return []
  const keys = await sealing.keysOf(organizationId)
  return sql.withOrganization({ organizationId }, (tx) =>
    rowsOf<MailRow>(
      tx,
      `select id, recipient, subject, text, state, created_at as "createdAt" from platform.mail
       where recipient_index = any($1) or lower(recipient) = any($2) order by id`,
      [subject.emails.map((email) => recipientIndex(keys, email)), subject.emails],
    ),
  )
}
