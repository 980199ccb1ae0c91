import { sql, type Selectable } from 'kysely'
import { cursorParts, type Page, type PageRequest, type Viewer } from '@passerelle/platform/schema'
import { rowsOf, type Sql, type Tx } from '@passerelle/platform/sql'
import { listRows } from '@passerelle/platform/sql/list'
import { z } from 'zod'
import { toDocument, type DocumentRow } from '../document/document.store.ts'
import type { Share, SharedDocument } from './share.ts'
import type { Tables } from '../tables.ts'

type Row = Selectable<Tables['documents.client_share']>
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

/** Ends the sharing of one document with a client, or of all of them; answers of which. */
export async function deleteShares(
  tx: Tx,
  { clientId, documentId = null }: { clientId: string; documentId?: string | null },
): Promise<string[]> {
  const rows = await rowsOf<{ document_id: string }>(
    tx,
    `delete from documents.client_share where client_id = $1 and ($2::text is null or document_id = $2) returning document_id`,
    [clientId, documentId],
  )
  return rows.map(({ document_id: id }) => id)
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
