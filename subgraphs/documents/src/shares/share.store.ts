import { sql, type Selectable } from 'kysely'
import { cursorParts, type Page, type PageRequest, type Viewer } from '@passerelle/platform/schema'
import { rowsOf, type Sql, type Tx } from '@passerelle/platform/sql'
import { listRows } from '@passerelle/platform/sql/list'
import { z } from 'zod'
import { toDocument, type DocumentRow } from '../document/document.store.ts'
import type { Shared } from './share.facts.ts'
import type { Share, SharedDocument } from './share.ts'
import type { Tables } from '../tables.ts'

type Row = Selectable<Tables['documents.client_share']>
/** Of a client, of a document, or of both; never of neither. */
export type Which = { clientId: string; documentId?: string } | { clientId?: undefined; documentId: string }
type SharedRow = DocumentRow & Pick<Row, 'shared_at'>

/** Writes the sharing; false when it was there. */
export async function insertShare(
  tx: Tx,
  { organizationId, userId }: Viewer,
  { documentId, clientId }: { documentId: string; clientId: string },
): Promise<boolean> {
  const row = await tx
    .withTables<Tables>()
    .insertInto('documents.client_share')
    .values({ organization_id: organizationId, document_id: documentId, client_id: clientId, shared_by: userId })
    .onConflict((conflict) => conflict.doNothing())
    .returning('document_id')
    .executeTakeFirst()
  return row !== undefined
}

/** Ends the sharing of a document with a client; without the one or the other, of all of them. Answers what has ended. */
export async function deleteShares(tx: Tx, { clientId, documentId }: Which): Promise<Shared[]> {
  const rows = await rowsOf<Pick<Row, 'client_id' | 'document_id'>>(
    tx,
    `delete from documents.client_share
     where ($1::text is null or client_id = $1) and ($2::text is null or document_id = $2) returning client_id, document_id`,
    [clientId ?? null, documentId ?? null],
  )
  return rows.map((row) => ({ clientId: row.client_id, documentId: row.document_id }))
}

const sharedDocuments = sql`(
  select document.*, share.shared_at, share.client_id from documents.client_share as share
  join documents.document as document on document.id = share.document_id) as shared`

/** What is shared with a client, the last first. */
export function listSharedDocuments(
  database: Sql,
  viewer: Viewer,
  { clientId, page }: { clientId: string; page: PageRequest },
): Promise<Page<SharedDocument>> {
  return listRows<SharedRow, SharedDocument>(
    { database, viewer },
    {
      from: sharedDocuments,
      where: sql`client_id = ${clientId}`,
      order: ['shared_at', 'id'],
      descending: true,
      cursor: z.tuple([cursorParts.moment, cursorParts.id('doc')]),
      toNode: toSharedDocument,
    },
    page,
  )
}

/** The document under the id, if it is shared with the client. */
export async function findSharedDocument(
  tx: Tx,
  { clientId, documentId }: { clientId: string; documentId: string },
): Promise<SharedDocument | null> {
  const { rows } = await sql<SharedRow>`
    select * from ${sharedDocuments} where client_id = ${clientId} and id = ${documentId}`.execute(tx)
  return rows[0] ? toSharedDocument(rows[0]) : null
}

/** With whom a document is shared, the last first. */
export function listShares(
  database: Sql,
  viewer: Viewer,
  { documentId, page }: { documentId: string; page: PageRequest },
): Promise<Page<Share>> {
  return listRows<Row, Share>(
    { database, viewer },
    {
      from: sql.table('documents.client_share'),
      where: sql`document_id = ${documentId}`,
      order: ['shared_at', 'client_id'],
      descending: true,
      cursor: z.tuple([cursorParts.moment, cursorParts.id('cli')]),
      toNode: (row) => ({ clientId: row.client_id, sharedBy: row.shared_by, sharedAt: row.shared_at }),
    },
    page,
  )
}

function toSharedDocument(row: SharedRow): SharedDocument {
  return { document: toDocument(row), sharedAt: row.shared_at }
}

/** What is shared with clients: which documents, and since when. */
export function loadSharesOf(
  tx: Tx,
  clientIds: readonly string[],
): Promise<{ document_id: string; title: string; client_id: string; shared_at: Date }[]> {
  return rowsOf(
    tx,
    `select share.document_id, document.title, share.client_id, share.shared_at from documents.client_share as share
     join documents.document as document on document.id = share.document_id
     where share.client_id = any($1) order by share.shared_at, share.document_id`,
    [clientIds],
  )
}
