import { sql } from 'kysely'
import type { Tx } from '../sql/sql.ts'

/** Which points exist, whatever side asks: the register is the sparse side's table, read under the organisation's row security. */

export interface Registered {
  id: string
  documentId: string
}

/** Those of the given points that have a vector of this model; what a dense engine still holds of removed points is left out here. */
export async function findWithDense(
  tx: Tx,
  space: ShelfName & { model: string },
  ids: readonly string[],
): Promise<Registered[]> {
  const { rows } = await sql<Registered>`
    select id, document_id as "documentId" from platform.vector_point
    where shelf = (${shelfOf(space)}) and id = any(${[...ids]}::text[]) and dense_model = ${space.model}`.execute(tx)
  return rows
}

/** Ids of points that have no vector of this model, oldest first. */
export async function findWithoutDense(
  tx: Tx,
  shelf: ShelfName,
  { model, limit }: { model: string; limit: number },
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from platform.vector_point
    where shelf = (${shelfOf(shelf)}) and dense_model is distinct from ${model} order by point limit ${limit}`.execute(
    tx,
  )
  return rows.map(({ id }) => id)
}

/** Documents that have points, in the order of their ids. */
export async function listDocuments(
  tx: Tx,
  shelf: ShelfName,
  { after, limit }: { after: string; limit: number },
): Promise<string[]> {
  const { rows } = await sql<{ documentId: string }>`
    select distinct document_id as "documentId" from platform.vector_point
    where shelf = (${shelfOf(shelf)}) and document_id > ${after} order by document_id limit ${limit}`.execute(tx)
  return rows.map(({ documentId }) => documentId)
}

/** The models in whose spaces a document's points lie. */
export async function findModels(tx: Tx, shelf: ShelfName, documentId: string): Promise<string[]> {
  const { rows } = await sql<{ model: string }>`
    select distinct dense_model as model from platform.vector_point
    where shelf = (${shelfOf(shelf)}) and document_id = ${documentId} and dense_model is not null`.execute(tx)
  return rows.map(({ model }) => model)
}

/** The spaces that points of the transaction's organisation lie in. */
export async function listSpaces(tx: Tx): Promise<(ShelfName & { model: string })[]> {
  const { rows } = await sql<ShelfName & { model: string }>`
    select distinct shelf.organization_id as "organizationId", shelf.collection, point.dense_model as model
    from platform.vector_shelf as shelf join platform.vector_point as point using (shelf)
    where point.dense_model is not null`.execute(tx)
  return rows
}

/** Notes that no point has a vector of this model any more; answers how many had. Takes its turn among the shelf's writers. */
export async function forgetDense(tx: Tx, shelf: ShelfName, model: string): Promise<number> {
  const { numAffectedRows } = await sql`
    update platform.vector_point set dense_model = null
    where shelf = (${shelfOf(shelf)} for update) and dense_model = ${model}`.execute(tx)
  return Number(numAffectedRows ?? 0)
}

/** How many points a collection has; 0 for one that nobody wrote to. */
export async function countPoints(tx: Tx, { organizationId, collection }: ShelfName): Promise<number> {
  const { rows } = await sql<{ points: number }>`
    select points from platform.vector_shelf where organization_id = ${organizationId} and collection = ${collection}`.execute(
    tx,
  )
  return rows[0]?.points ?? 0
}

export interface ShelfName {
  organizationId: string
  collection: string
}

function shelfOf({ organizationId, collection }: ShelfName) {
  return sql`select shelf from platform.vector_shelf where organization_id = ${organizationId} and collection = ${collection}`
}
