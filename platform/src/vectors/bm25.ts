import { sql, type RawBuilder } from 'kysely'
import type { Tx } from '../sql/sql.ts'
import { packing, toTerm } from './postings.ts'
import type { ScoredPoint, VectorFilter } from './vectors.ts'

const k1 = 1.2
const b = 0.75
/** Scores are compared as whole numbers of this unit, so that the order in which a sum was made never decides between two points. */
const unitsPerScore = 1e9
/** So many terms of a question are asked, the rarest first: what comes behind them hardly moves a score, and each common one costs a tenth of the collection. */
const mostTerms = 32

const pointBits = sql.lit(packing.pointBits)
const entryPoint = sql.lit(packing.frequencyBits + packing.lengthBits)
const frequency = sql`((entry >> ${sql.lit(packing.lengthBits)}) & ${sql.lit(2 ** packing.frequencyBits - 1)})`
const length = sql`(entry & ${sql.lit(2 ** packing.lengthBits - 1)})`
const float = (value: number): RawBuilder<number> => sql`${sql.lit(value)}::float8`

export interface SparseQuery {
  collection: string
  terms: readonly string[]
  filter: VectorFilter | undefined
  limit: number
  offset: number
}

/**
 * The best points of a collection by BM25, in one statement over the postings of the query's rarest terms. Only a filter by documents is narrow enough to
 * leave out postings before they are scored.
 */
export async function searchSparse(
  tx: Tx,
  organizationId: string,
  { collection, terms, filter, limit, offset }: SparseQuery,
): Promise<ScoredPoint[]> {
  const asked = new Map<string, number>()
  for (const term of terms.map(toTerm)) asked.set(term, (asked.get(term) ?? 0) + 1)
  const allowed = filter && conditions(filter)
  const { rows } = await sql<ScoredPoint>`
    with shelf as materialized (
      select shelf, points::float8 as points, total_length / greatest(points, 1)::float8 as mean_length
      from platform.vector_shelf where organization_id = ${organizationId} and collection = ${collection}
    ), known as materialized (
      select term, sum(cardinality(entries))::float8 as seen from platform.vector_posting
      where shelf = (select shelf from shelf) and term = any(${[...asked.keys()]}::text[])
      group by term order by seen, term collate "C" limit ${sql.lit(mostTerms)}
    ), weight as materialized (
      select term, asked.times * ${float(k1 + 1)} * ln(1 + (points - seen + ${float(0.5)}) / (seen + ${float(0.5)})) as weight
      from known join unnest(${[...asked.keys()]}::text[], ${[...asked.values()]}::int[]) as asked (term, times) using (term)
      cross join shelf
    ), posting as materialized (
      select term, bucket, entries from platform.vector_posting
      where shelf = (select shelf from shelf) and term = any(array(select term from known))
    ), ${allowed ? sql`allowed as materialized (select point from platform.vector_point where shelf = (select shelf from shelf) and ${allowed}),` : sql``}
    hit as (
      select weight, bucket << ${pointBits} as base, unnest(entries) as entry from posting left join weight using (term)
      ${filter?.documentIds ? sql`where bucket in (select distinct point >> ${pointBits} from allowed)` : sql``}
    ), scored as materialized (
      select base | (entry >> ${entryPoint}) as point,
        (${float(unitsPerScore)} * sum(weight * ${frequency} / (${frequency} + ${float(k1 * (1 - b))} + ${length} * ${float(k1 * b)} / mean_length)))::int8 as score
      from hit cross join shelf group by 1
    ), ranked as materialized (
      select point, score from scored ${allowed ? sql`where point in (select point from allowed)` : sql``}
    ), last as (
      select score from ranked order by score desc offset ${offset + limit - 1} limit 1
    )
    select known.id, known.document_id as "documentId", ranked.score / ${float(unitsPerScore)} as score
    from ranked join platform.vector_point as known on known.shelf = (select shelf from shelf) and known.point = ranked.point
    where ranked.score >= coalesce((select score from last), 0)
    order by ranked.score desc, known.id collate "C" offset ${offset} limit ${limit}`.execute(tx)
  return rows
}

function conditions({
  documentIds,
  contentTypes,
  kinds,
  createdAfter,
  createdBefore,
}: VectorFilter): RawBuilder<boolean> {
  const all = [sql<boolean>`true`]
  if (documentIds) all.push(sql`document_id = any(${[...documentIds]}::text[])`)
  if (contentTypes) all.push(sql`content_type = any(${[...contentTypes]}::text[])`)
  if (kinds) all.push(sql`kind = any(${[...kinds]}::text[])`)
  if (createdAfter) all.push(sql`created_at >= ${createdAfter}`)
  if (createdBefore) all.push(sql`created_at < ${createdBefore}`)
  return sql.join(all, sql` and `)
}
