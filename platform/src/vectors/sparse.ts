import { sql } from 'kysely'
import type { Tx } from '../sql/sql.ts'
import { packing, toArrayLiteral, toPostings, toTerms, type SparsePoint } from './postings.ts'
import type { Point } from './vectors.ts'

/** A shelf that this transaction has locked: other writers of the same shelf wait for its end. */
export interface Shelf {
  organizationId: string
  shelf: number
  nextPoint: number
}

/** A point as it was before a write: what a dense side has to forget. */
export interface FormerPoint {
  id: string
  denseModel: string | null
}

const pointsPerSlice = 250

/** Locks the shelf of a collection until the end of the transaction, creating it when it is new. */
export async function lockShelf(tx: Tx, organizationId: string, collection: string): Promise<Shelf> {
  const { rows } = await sql<{ shelf: number; nextPoint: number }>`
    insert into platform.vector_shelf as known (organization_id, collection) values (${organizationId}, ${collection})
    on conflict (organization_id, collection) do update set next_point = known.next_point
    returning shelf, next_point as "nextPoint"`.execute(tx)
  const [row] = rows
  if (!row) throw new Error('The shelf was neither found nor created.')
  return { organizationId, ...row }
}

/** Writes points whole, in slices that keep the event loop free; answers what those that were there before had. */
export async function writePoints(tx: Tx, shelf: Shelf, points: readonly Point[]): Promise<FormerPoint[]> {
  const former: FormerPoint[] = []
  const distinct = [...new Map(points.map((point) => [point.id, point])).values()]
  for (let start = 0; start < distinct.length; start += pointsPerSlice) {
    former.push(...(await writeSlice(tx, shelf, distinct.slice(start, start + pointsPerSlice))))
  }
  return former
}

async function writeSlice(tx: Tx, shelf: Shelf, points: readonly Point[]): Promise<FormerPoint[]> {
  const former = await takeOut(tx, shelf, sql`id = any(${points.map(({ id }) => id)})`)
  const rows = points.map((point, index) => ({ ...point, ...toTerms(point.terms), point: shelf.nextPoint + index }))
  shelf.nextPoint += rows.length
  await register(tx, shelf, rows)
  await addPostings(tx, shelf, rows)
  const added = rows.reduce((sum, { length }) => sum + length, 0)
  await sql`
    update platform.vector_shelf set next_point = ${shelf.nextPoint}, points = points + ${rows.length}, total_length = total_length + ${added}
    where shelf = ${shelf.shelf}`.execute(tx)
  return former
}

async function register(
  tx: Tx,
  { organizationId, shelf }: Shelf,
  rows: readonly (Omit<Point, 'terms'> & SparsePoint)[],
): Promise<void> {
  await sql`
    insert into platform.vector_point
      (organization_id, shelf, point, id, document_id, content_type, kind, created_at, length, dense_model)
    select ${organizationId}, ${shelf}, point, id, document_id, content_type, kind, created_at, length, dense_model
    from unnest(
      ${rows.map(({ point }) => point)}::int[], ${rows.map(({ id }) => id)}::text[], ${rows.map(({ documentId }) => documentId)}::text[],
      ${rows.map(({ contentType }) => contentType)}::text[], ${rows.map(({ kind }) => kind)}::text[],
      ${rows.map(({ createdAt }) => createdAt)}::timestamptz[], ${rows.map(({ length }) => length)}::int[],
      ${rows.map(({ dense }) => dense?.model ?? null)}::text[]
    ) as given (point, id, document_id, content_type, kind, created_at, length, dense_model)`.execute(tx)
  await sql`
    insert into platform.vector_terms (organization_id, shelf, point, terms)
    select ${organizationId}, ${shelf}, point, terms::text[]
    from unnest(
      ${rows.map(({ point }) => point)}::int[], ${rows.map(({ terms }) => toArrayLiteral(terms.keys()))}::text[]
    ) as given (point, terms)`.execute(tx)
}

async function addPostings(tx: Tx, { organizationId, shelf }: Shelf, points: readonly SparsePoint[]): Promise<void> {
  const postings = toPostings(points)
  await sql`
    insert into platform.vector_posting as known (organization_id, shelf, term, bucket, entries)
    select ${organizationId}, ${shelf}, term, bucket, entries::int[]
    from unnest(
      ${postings.map(({ term }) => term)}::text[], ${postings.map(({ bucket }) => bucket)}::int[], ${postings.map(({ entries }) => entries)}::text[]
    ) as given (term, bucket, entries)
    on conflict (shelf, term, bucket) do update set entries = known.entries || excluded.entries`.execute(tx)
}

/** Removes every point of a document; answers what they had. */
export function removePoints(tx: Tx, shelf: Shelf, documentId: string): Promise<FormerPoint[]> {
  return takeOut(tx, shelf, sql`document_id = ${documentId}`)
}

/** Removes the points that match, with their postings and their part in the statistics. */
async function takeOut(tx: Tx, { shelf }: Shelf, match: ReturnType<typeof sql>): Promise<FormerPoint[]> {
  const { rows } = await sql<FormerPoint & { point: number; length: number }>`
    delete from platform.vector_point where shelf = ${shelf} and ${match}
    returning id, dense_model as "denseModel", point, length`.execute(tx)
  if (rows.length === 0) return []
  await removePostings(
    tx,
    shelf,
    rows.map(({ point }) => point),
  )
  const removed = rows.reduce((sum, { length }) => sum + length, 0)
  await sql`
    update platform.vector_shelf set points = points - ${rows.length}, total_length = total_length - ${removed}
    where shelf = ${shelf}`.execute(tx)
  return rows.map(({ id, denseModel }) => ({ id, denseModel }))
}

/** A row keeps the entries of other points; one that keeps none goes. */
async function removePostings(tx: Tx, shelf: number, points: readonly number[]): Promise<void> {
  const pointBits = sql.lit(packing.pointBits)
  const entryPoint = sql`(known.bucket << ${pointBits}) | (entry >> ${sql.lit(packing.frequencyBits + packing.lengthBits)})`
  await sql`
    with touched as materialized (
      select distinct term, point >> ${pointBits} as bucket from platform.vector_terms cross join unnest(terms) as term
      where shelf = ${shelf} and point = any(${points}::int[])
    ), kept as materialized (
      select known.term, known.bucket, array(
        select entry from unnest(known.entries) as entry where ${entryPoint} <> all(${points}::int[])
      ) as entries
      from platform.vector_posting as known
      join touched on known.shelf = ${shelf} and known.term = touched.term and known.bucket = touched.bucket
    ), forgotten as (
      delete from platform.vector_terms where shelf = ${shelf} and point = any(${points}::int[])
    ), emptied as (
      delete from platform.vector_posting as known using kept
      where known.shelf = ${shelf} and known.term = kept.term and known.bucket = kept.bucket and kept.entries = '{}'
    )
    update platform.vector_posting as known set entries = kept.entries from kept
    where known.shelf = ${shelf} and known.term = kept.term and known.bucket = kept.bucket and kept.entries <> '{}'`.execute(
    tx,
  )
}
