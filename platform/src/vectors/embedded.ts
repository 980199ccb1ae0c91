import type { Log } from '../log/log.ts'
import { EngineUnavailable } from '../schema/refusals.ts'
import type { Sql } from '../sql/sql.ts'
import { searchSparse } from './bm25.ts'
import { bestFirst, fuse, fusedDepth } from './fusion.ts'
import { openLance, type DenseSide } from './lance.ts'
import type { SpaceName } from './lance-names.ts'
import type { DensePoint } from './lance-rows.ts'
import type { DenseTable } from './lance-table.ts'
import { requirePage, requireVector } from './input.ts'
import {
  countPoints,
  findModels,
  findWithDense,
  findWithoutDense,
  forgetDense,
  listDocuments,
  listSpaces,
  type ShelfName,
} from './register.ts'
import { lockShelf, removePoints, writePoints } from './sparse.ts'
import { createTurns, type Turns } from './turns.ts'
import type { Held, Point, ScoredPoint, VectorQuery, Vectors } from './vectors.ts'

export interface EmbeddedVectorsOptions {
  sql: Sql
  /** Where the dense side keeps its tables; one process at a time. */
  folder: string
  log: Log
}

/** Points of equal score that the dense engine may have left out of a page are let in by asking for a few more. */
const tieMargin = 32

/** Searches by terms hold a connection for as long as they count: together they leave half the pool to everything else, and one organisation leaves most of theirs to others. */
const searchTurns = { most: 8, mostOfOne: 3, mostWaiting: 200, refusal: () => new EngineUnavailable('vectors') }

/**
 * The search index of an installation without engines of its own: terms in PostgreSQL, vectors in LanceDB. PostgreSQL holds the register of points;
 * what LanceDB answers counts only where the register agrees, so that a write that was cut short, or another organisation's point, is never shown.
 */
export async function openEmbeddedVectors({ sql, folder, log }: EmbeddedVectorsOptions): Promise<Vectors> {
  const dense = await openLance({
    folder,
    log,
    onMissing: (space) => strikeLostVectors({ sql, log }, space),
    listSpaces: (organizationId) => sql.withOrganization({ organizationId }, listSpaces),
  })
  const index: Index = { sql, dense, turns: createTurns(searchTurns) }
  return {
    upsert: (organizationId, collection, points) => write(index, { organizationId, collection }, { points }),
    replaceDocument: (organizationId, collection, document) => write(index, { organizationId, collection }, document),
    removeDocument: (organizationId, collection, documentId) =>
      removeDocument(index, { organizationId, collection }, documentId),
    search: (organizationId, collection, query) => search(index, { organizationId, collection }, query),
    async pointsWithoutDense(organizationId, collection, query) {
      await dense.find({ organizationId, collection, model: query.model })
      return sql.withOrganization({ organizationId }, (tx) =>
        findWithoutDense(tx, { organizationId, collection }, query),
      )
    },
    count: (organizationId, collection) =>
      sql.withOrganization({ organizationId }, (tx) => countPoints(tx, { organizationId, collection })),
    renewal: {
      // There is one index only: each document's points take the place of the former ones.
      begin: () => Promise.resolve(),
      carryOver: () => Promise.resolve(false),
      finish: () => Promise.resolve(),
      settle: (organizationId, collection, held) => removeStrays(index, { organizationId, collection }, held),
    },
    compact: (organizationId) => dense.compact(organizationId),
    health: () => sql.health(),
    close: () => dense.close(),
  }
}

interface Index {
  sql: Sql
  dense: DenseSide
  turns: Turns
}

/** A space that the register knows and the engine has lost is struck from the register, so that its points are embedded again. */
async function strikeLostVectors({ sql, log }: { sql: Sql; log: Log }, space: SpaceName): Promise<void> {
  const points = await sql.withOrganization(space, (tx) => forgetDense(tx, space, space.model))
  if (points > 0)
    log.warn({ ...space, points }, 'The vectors of a space are gone; its points have to be embedded again.')
}

/**
 * The tables first, for a missing one strikes the register; then the register, so that a crash leaves points that say they have a vector and that the
 * repeated call writes; then the vectors.
 */
async function write(
  { sql, dense }: Index,
  name: ShelfName,
  { documentId, points }: { points: readonly Point[]; documentId?: string },
): Promise<void> {
  if (points.length === 0 && documentId === undefined) return
  const now = new Map(points.map((point) => [point.id, point]))
  const writes = await openWrites(dense, name, [...now.values()])
  const former = await sql.withOrganization(name, async (tx) => {
    const shelf = await lockShelf(tx, name.organizationId, name.collection)
    const gone = documentId === undefined ? [] : await removePoints(tx, shelf, documentId)
    return [...gone, ...(await writePoints(tx, shelf, points))]
  })
  const stale = former.filter(({ id, denseModel }) => denseModel !== null && denseModel !== now.get(id)?.dense?.model)
  for (const [model, moved] of Map.groupBy(stale, ({ denseModel }) => denseModel ?? '')) {
    await (await dense.find({ ...name, model }))?.removeIds(moved.map(({ id }) => id))
  }
  for (const { table, rows } of writes) await table.upsert(rows)
}

/** Opens the tables of the points' models, and refuses vectors that do not fit before anything is written. */
async function openWrites(
  dense: DenseSide,
  name: ShelfName,
  points: readonly Point[],
): Promise<{ table: DenseTable; rows: DensePoint[] }[]> {
  const rows = points.flatMap(({ dense, ...point }) => (dense ? [{ ...point, ...dense }] : []))
  for (const { vector } of rows) requireVector(vector)
  return Promise.all(
    [...Map.groupBy(rows, ({ model }) => model)].map(async ([model, group]) => {
      const table = await dense.findOrCreate({ ...name, model }, group[0]?.vector.length ?? 0)
      for (const { vector } of group) requireVector(vector, table.dimensions)
      return { table, rows: group }
    }),
  )
}

/** The vectors first: the register still tells a repeated call where they are. */
async function removeDocument({ sql, dense }: Index, name: ShelfName, documentId: string): Promise<void> {
  const models = await sql.withOrganization(name, (tx) => findModels(tx, name, documentId))
  for (const model of models) await (await dense.find({ ...name, model }))?.removeDocument(documentId)
  await sql.withOrganization(name, async (tx) =>
    removePoints(tx, await lockShelf(tx, name.organizationId, name.collection), documentId),
  )
}

const documentsAtOnce = 500

/** Points of documents that nobody has any more. */
async function removeStrays(index: Index, name: ShelfName, held: Held): Promise<void> {
  for (let after: string | undefined = ''; after !== undefined;) {
    const page: string[] = await index.sql.withOrganization(name, (tx) =>
      listDocuments(tx, name, { after: after ?? '', limit: documentsAtOnce }),
    )
    const there = await held(page)
    for (const documentId of page) if (!there.has(documentId)) await removeDocument(index, name, documentId)
    after = page.length < documentsAtOnce ? undefined : page.at(-1)
  }
}

async function search(index: Index, name: ShelfName, query: VectorQuery): Promise<ScoredPoint[]> {
  const { limit, offset } = requirePage(query)
  const { sparse, dense, formerly = [] } = query
  const spaces = [...(dense ? [dense] : []), ...formerly]
  const [only] = spaces
  if (!only) return searchTerms(index, name, { ...query, limit, offset })
  if (!sparse && spaces.length === 1)
    return (await searchVectors(index, name, { ...query, dense: only, limit: offset + limit })).slice(offset)
  const sides = await Promise.all([
    ...(sparse ? [searchTerms(index, name, { ...query, limit: fusedDepth, offset: 0 })] : []),
    ...spaces.map((space) => searchVectors(index, name, { ...query, dense: space, limit: fusedDepth })),
  ])
  return fuse(sides).slice(offset, offset + limit)
}

async function searchTerms(
  index: Index,
  { organizationId, collection }: ShelfName,
  query: VectorQuery & { offset: number },
): Promise<ScoredPoint[]> {
  const { sparse: terms = [], filter, limit, offset } = query
  if (terms.length === 0) return []
  return index.turns.take(organizationId, () =>
    index.sql.withOrganization({ organizationId }, (tx) =>
      searchSparse(tx, organizationId, { collection, terms, filter, limit, offset }),
    ),
  )
}

/** The best `limit` by cosine; pages are cut by the caller. */
async function searchVectors(
  index: Index,
  name: ShelfName,
  { dense, filter, limit }: VectorQuery,
): Promise<ScoredPoint[]> {
  const space = dense && { ...name, model: dense.model }
  const table = space && (await index.dense.find(space))
  if (!table) return []
  requireVector(dense.vector, table.dimensions)
  const found = await table.search(dense.vector, { filter, limit: limit + tieMargin })
  const ids = found.map(({ id }) => id)
  const registered = await index.sql.withOrganization(name, (tx) => findWithDense(tx, space, ids))
  const documents = new Map(registered.map(({ id, documentId }) => [id, documentId]))
  const points = found.flatMap(({ id, score }) => {
    const documentId = documents.get(id)
    return documentId === undefined ? [] : { id, documentId, score }
  })
  return points.sort(bestFirst).slice(0, limit)
}
