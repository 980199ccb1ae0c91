import { listByName, searchColumn, sortName, type NamedRecords, type Search } from '@passerelle/platform/records'
import type { Page, PageRequest, Viewer } from '@passerelle/platform/schema'
import type { Sql, Tx } from '@passerelle/platform/sql'
import { sql, type Selectable } from 'kysely'
import type { Collection } from './collection.ts'
import type { Tables } from '../tables.ts'

type Row = Selectable<Tables['documents.collection']>

const collections: NamedRecords<Row, Collection> = {
  table: 'documents.collection',
  prefix: 'col',
  toNoun: toCollection,
}

export async function insertCollection(tx: Tx, viewer: Viewer, collection: Collection): Promise<void> {
  await tx
    .withTables<Tables>()
    .insertInto('documents.collection')
    .values({
      id: collection.id,
      organization_id: viewer.organizationId,
      created_by: viewer.userId,
      created_at: collection.createdAt,
      ...toColumns(collection),
    })
    .execute()
}

/** Writes everything about a collection but who it is. */
export async function updateCollection(tx: Tx, collection: Collection): Promise<void> {
  await tx
    .withTables<Tables>()
    .updateTable('documents.collection')
    .set(toColumns(collection))
    .where('id', '=', collection.id)
    .execute()
}

/** Whether a write failed because another collection of the organisation has the name. */
export function isNameTaken(error: unknown): boolean {
  return error instanceof Error && 'constraint' in error && error.constraint === 'collection_name'
}

/** The collection, held until the transaction ends: it is neither deleted nor changed otherwise meanwhile. */
export async function holdCollection(tx: Tx, id: string): Promise<Collection | null> {
  const row = await tx
    .withTables<Tables>()
    .selectFrom('documents.collection')
    .selectAll()
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
  return row ? toCollection(row) : null
}

/** The documents in it stay. */
export async function deleteCollectionRow(tx: Tx, id: string): Promise<void> {
  await tx.withTables<Tables>().deleteFrom('documents.collection').where('id', '=', id).execute()
}

/** Puts documents of the organisation in; those that are in already stay. */
export async function insertMembers(
  tx: Tx,
  { organizationId }: Viewer,
  { collectionId, documentIds }: { collectionId: string; documentIds: readonly string[] },
): Promise<void> {
  await sql`
    insert into documents.collection_document (organization_id, collection_id, document_id)
    select ${organizationId}, ${collectionId}, id from documents.document
    where id = any(${[...documentIds]}::text[]) order by id for key share
    on conflict do nothing`.execute(tx)
}

export async function deleteMembers(
  tx: Tx,
  { collectionId, documentIds }: { collectionId: string; documentIds: readonly string[] },
): Promise<void> {
  await tx
    .withTables<Tables>()
    .deleteFrom('documents.collection_document')
    .where('collection_id', '=', collectionId)
    .where('document_id', '=', sql<string>`any(${[...documentIds]}::text[])`)
    .execute()
}

/** What an announced document was put in is its holder's, once its bytes have turned out to be another document's. */
export async function moveMembership(tx: Tx, documentId: string, holder: string): Promise<void> {
  await sql`
    with moved as (
      delete from documents.collection_document where document_id = ${documentId} returning organization_id, collection_id, added_at
    )
    insert into documents.collection_document (organization_id, collection_id, document_id, added_at)
    select organization_id, collection_id, ${holder}, added_at from moved on conflict do nothing`.execute(tx)
}

export async function loadCollections(tx: Tx, ids: readonly string[]): Promise<Map<string, Collection>> {
  const rows = await tx
    .withTables<Tables>()
    .selectFrom('documents.collection')
    .selectAll()
    .where('id', 'in', ids)
    .execute()
  return new Map(rows.map((row) => [row.id, toCollection(row)]))
}

/** The collections each document is in, by name. */
export async function loadCollectionsOf(tx: Tx, documentIds: readonly string[]): Promise<Map<string, Collection[]>> {
  const rows = await tx
    .withTables<Tables>()
    .selectFrom('documents.collection_document as member')
    .innerJoin('documents.collection as collection', 'collection.id', 'member.collection_id')
    .selectAll('collection')
    .select('member.document_id')
    .where('member.document_id', 'in', documentIds)
    .orderBy('collection.sort_name')
    .orderBy('collection.id')
    .execute()
  const found = Map.groupBy(rows, ({ document_id: id }) => id)
  return new Map([...found].map(([id, of]) => [id, of.map(toCollection)]))
}

/** How many documents are in each collection. */
export async function countDocumentsIn(tx: Tx, ids: readonly string[]): Promise<Map<string, number>> {
  const rows = await tx
    .withTables<Tables>()
    .selectFrom('documents.collection_document')
    .select(['collection_id', (select) => select.fn.countAll<number>().as('count')])
    .where('collection_id', 'in', ids)
    .groupBy('collection_id')
    .execute()
  return new Map(rows.map(({ collection_id: id, count }) => [id, count]))
}

/** Collections by name. */
export function listCollections(
  database: Sql,
  viewer: Viewer,
  list: { page: PageRequest; search: Search | null },
): Promise<Page<Collection>> {
  return listByName({ database, viewer }, collections, list)
}

function toColumns({ name, description }: Collection) {
  return {
    name,
    name_key: name.normalize('NFKC').toLowerCase(),
    sort_name: sortName(name),
    search: searchColumn([name]),
    description,
  }
}

function toCollection(row: Row): Collection {
  return { id: row.id, name: row.name, description: row.description, createdAt: row.created_at }
}
