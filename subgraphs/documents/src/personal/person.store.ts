import { sql } from 'kysely'
import { createMatcher, type Matcher, type Subject } from '@passerelle/platform/privacy'
import { rowsOf, type Tx } from '@passerelle/platform/sql'
import type { Tables } from '../tables.ts'

/** Pages looked at in one go: a page has a few kilobytes of text. */
const batch = 200

/** The matcher of a person, who is also looked for as the documents' own mentions spell the name. */
export async function matcherOf(tx: Tx, subject: Subject): Promise<Matcher> {
  if (subject.entityIds.length === 0) return createMatcher(subject)
  const rows = await tx
    .withTables<Tables>()
    .selectFrom('documents.mention')
    .select('name')
    .distinct()
    .where('entity_id', 'in', subject.entityIds)
    .where('entity_type', '=', 'PERSON')
    .execute()
  // A single word would cover every namesake.
  return createMatcher(
    subject,
    rows.map(({ name }) => name).filter((name) => /\S\s+\S/.test(name.trim())),
  )
}

/** The documents that name the person: by a mention, in the text of a page, in title or file name. */
export async function findNaming(tx: Tx, subject: Subject, matcher: Matcher): Promise<string[]> {
  const found = new Set<string>()
  if (subject.entityIds.length > 0) {
    const mentioned = await tx
      .withTables<Tables>()
      .selectFrom('documents.mention')
      .select('document_id')
      .distinct()
      .where('entity_id', 'in', subject.entityIds)
      .execute()
    for (const row of mentioned) found.add(row.document_id)
  }
  if (matcher.isEmpty) return [...found]
  for (const { id, title, filename } of await listTitles(tx, matcher))
    if (matcher.finds(title) || matcher.finds(filename)) found.add(id)
  for await (const { documentId, text } of listPages(tx, matcher)) if (matcher.finds(text)) found.add(documentId)
  return [...found].toSorted()
}

function listTitles(tx: Tx, { loosePatterns }: Matcher): Promise<{ id: string; title: string; filename: string }[]> {
  return tx
    .withTables<Tables>()
    .selectFrom('documents.document')
    .select(['id', 'title', 'filename'])
    .where(sql<boolean>`(title ~ any(${loosePatterns}) or filename ~ any(${loosePatterns}))`)
    .execute()
}

async function* listPages(tx: Tx, { loosePatterns }: Matcher): AsyncGenerator<{ documentId: string; text: string }> {
  let [after, number] = ['', 0]
  for (;;) {
    const rows = await rowsOf<{ documentId: string; number: number; text: string }>(
      tx,
      `select document_id as "documentId", number, text from documents.page
       where (document_id, number) > ($1, $2) and text ~ any($3) order by document_id, number limit ${batch}`,
      [after, number, loosePatterns],
    )
    yield* rows
    const last = rows.at(-1)
    if (!last || rows.length < batch) return
    after = last.documentId
    number = last.number
  }
}

export interface NamingDocument {
  id: string
  title: string
  filename: string
  contentType: string
  kind: string | null
  hash: string | null
  stage: string
  withheld: 'ERASED' | 'LEGAL_HOLD' | null
  createdAt: Date
}

export async function loadNaming(tx: Tx, ids: readonly string[]): Promise<NamingDocument[]> {
  if (ids.length === 0) return []
  return tx
    .withTables<Tables>()
    .selectFrom('documents.document')
    .select(['id', 'title', 'filename', 'content_type as contentType', 'kind', 'hash', 'stage'])
    .select(['file_withheld as withheld', 'created_at as createdAt'])
    .where('id', 'in', ids)
    .orderBy('id')
    .execute()
}

/** Documents whose file was withheld and that are still being read anew from their masked pages, and those whose file the law keeps. */
export function loadWithheld(tx: Tx): Promise<NamingDocument[]> {
  return tx
    .withTables<Tables>()
    .selectFrom('documents.document')
    .select(['id', 'title', 'filename', 'content_type as contentType', 'kind', 'hash', 'stage'])
    .select(['file_withheld as withheld', 'created_at as createdAt'])
    .where('file_withheld', 'is not', null)
    .where('stage', 'not in', ['READY', 'FAILED', 'CANCELLED'])
    .execute()
}

/** The rows that were made of these documents, by table. */
export async function countParts(
  tx: Tx,
  ids: readonly string[],
): Promise<{ pages: string[]; chunks: string[]; mentions: string[] }> {
  const tables = tx.withTables<Tables>()
  const pages = await tables
    .selectFrom('documents.page')
    .select(sql<string>`document_id || '/' || number`.as('id'))
    .where('document_id', 'in', ids)
    .execute()
  const chunks = await tables.selectFrom('documents.chunk').select('id').where('document_id', 'in', ids).execute()
  const mentions = await tables
    .selectFrom('documents.mention')
    .select(sql<string>`id::text`.as('id'))
    .where('document_id', 'in', ids)
    .execute()
  const idsOf = (rows: { id: string }[]): string[] => rows.map(({ id }) => id)
  return { pages: idsOf(pages), chunks: idsOf(chunks), mentions: idsOf(mentions) }
}

/** Where the person is named, for whoever asks what is known of them. */
export function listPlaces(tx: Tx, entityIds: readonly string[]) {
  return tx
    .withTables<Tables>()
    .selectFrom('documents.mention')
    .select(['document_id as documentId', 'page', 'name', 'excerpt', 'relation'])
    .where('entity_id', 'in', entityIds)
    .orderBy('id')
    .execute()
}
