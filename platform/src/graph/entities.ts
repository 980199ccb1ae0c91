import { InvalidInput } from '../schema/refusals.ts'
import { inBatches, readingVerbs, type CypherEngine, type RunVerb } from './engine.ts'
import type { DocumentEntityQuery, EntityFacts, EntityQuery, GraphEntity } from './graph.ts'
import { compactName, foldName, searchText } from './search-text.ts'

export const maxAliases = 16
const maxPage = 1_000

/** Creates those entities that are missing and adds new printed names to the others. */
export async function recordEntities(run: RunVerb, entities: readonly EntityFacts[]): Promise<void> {
  await inBatches(entities.map(toEntityRow), (rows) => run('record_entities', { rows, maxAliases }))
}

/** What is written of an entity that a record or a document names. */
export function toEntityRow({ id, type, kind, key, name }: EntityFacts): Record<string, unknown> {
  return { id, type, kind, key, name, search: searchText([name, key]) }
}

/** Entities by id, in no order; unknown ids are left out. */
export async function loadEntities(
  engine: CypherEngine,
  organizationId: string,
  ids: readonly string[],
): Promise<GraphEntity[]> {
  const run = readingVerbs(engine, organizationId)
  const found: GraphEntity[] = []
  await inBatches([...new Set(ids)], async (batch) => found.push(...(await run('load_entities', { ids: batch }))))
  return found
}

export interface Page {
  entities: GraphEntity[]
  hasMore: boolean
}

/** One page of the entities of an organisation; see EntityQuery for match and order. */
export async function findEntities(engine: CypherEngine, organizationId: string, query: EntityQuery): Promise<Page> {
  const parameters = { ...criteria(query), ...window(query) }
  return toPage(await readingVerbs(engine, organizationId)('find_entities', parameters), query.limit)
}

/** How many entities findEntities finds, all pages together. */
export async function countEntities(
  engine: CypherEngine,
  organizationId: string,
  query: Pick<EntityQuery, 'search' | 'types'>,
): Promise<number> {
  const [row] = await readingVerbs(engine, organizationId)('count_entities', criteria(query))
  return row?.count ?? 0
}

/** One page of the entities a document mentions, the most mentioned first. */
export async function entitiesOfDocument(
  engine: CypherEngine,
  organizationId: string,
  query: DocumentEntityQuery,
): Promise<Page> {
  const parameters = { documentId: query.documentId, types: query.types ?? null, ...window(query) }
  return toPage(await readingVerbs(engine, organizationId)('find_document_entities', parameters), query.limit)
}

/** How many entities entitiesOfDocument finds, all pages together. */
export async function countEntitiesOfDocument(
  engine: CypherEngine,
  organizationId: string,
  { documentId, types }: Pick<DocumentEntityQuery, 'documentId' | 'types'>,
): Promise<number> {
  const [row] = await readingVerbs(engine, organizationId)('count_document_entities', {
    documentId,
    types: types ?? null,
  })
  return row?.count ?? 0
}

function criteria({ search, types }: Pick<EntityQuery, 'search' | 'types'>): Record<string, unknown> {
  const folded = foldName(search ?? '')
  const compact = compactName(folded)
  return { types: types ?? null, search: folded || null, compact: compact || folded || null }
}

/** One row more than the page tells whether there is another page. */
function window({ limit, offset }: { limit: number; offset: number }): { limit: number; offset: number } {
  if (!Number.isInteger(limit) || limit < 1 || limit > maxPage)
    throw new InvalidInput(`A page has 1 to ${maxPage} entities.`, ['first'])
  if (!Number.isInteger(offset) || offset < 0) throw new InvalidInput('A page starts at 0 or after.', ['after'])
  return { limit: limit + 1, offset }
}

function toPage(rows: GraphEntity[], limit: number): Page {
  return { entities: rows.slice(0, limit), hasMore: rows.length > limit }
}
