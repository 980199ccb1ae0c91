import { InvalidInput } from '@passerelle/platform/schema'
import type { Tx } from '@passerelle/platform/sql'
import { sql, type RawBuilder } from 'kysely'

/** What our own rows say of documents; all that are given must hold, and an empty list holds for none. */
export interface DocumentFilter {
  /** In one of these collections. */
  collectionIds?: readonly string[] | null | undefined
  /** Mentions all of these entities. */
  entityIds?: readonly string[] | null | undefined
}

const most = { collectionIds: 100, entityIds: 20 }

/** InvalidInput for a longer list than a filter takes; `path` leads to the filter. */
export function requireDocumentFilter<Filter extends DocumentFilter>(filter: Filter, path: string[] = []): Filter {
  for (const name of ['collectionIds', 'entityIds'] as const)
    if ((filter[name]?.length ?? 0) > most[name])
      throw new InvalidInput(`A filter has at most ${most[name]} ${name}.`, [...path, name])
  return filter
}

/** True for the rows of documents.document that the filter takes. */
export function documentCondition({ collectionIds, entityIds }: DocumentFilter): RawBuilder<boolean> {
  const all = [sql<boolean>`true`]
  if (collectionIds)
    all.push(
      sql`id in (select document_id from documents.collection_document where collection_id = any(${collectionIds}::text[]))`,
    )
  if (entityIds) all.push(mentionsAll([...new Set(entityIds)]))
  return sql.join(all, sql` and `)
}

function mentionsAll(entityIds: readonly string[]): RawBuilder<boolean> {
  return sql`id in (
    select document_id from documents.mention where entity_id = any(${entityIds}::text[])
    group by document_id having count(distinct entity_id) = ${entityIds.length})`
}

/** The documents a filter takes, among those named if some are. */
export async function findFiltered(
  tx: Tx,
  { documentIds, ...filter }: DocumentFilter & { documentIds?: readonly string[] | undefined },
): Promise<string[]> {
  const named = documentIds ? sql`id = any(${documentIds}::text[])` : sql`true`
  const { rows } = await sql<{ id: string }>`
    select id from documents.document where same_as is null and ${named} and ${documentCondition(filter)}`.execute(tx)
  return rows.map(({ id }) => id)
}
