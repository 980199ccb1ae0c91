import { InvalidInput } from '../schema/refusals.ts'
import { inBatches, readingVerbs, type CypherEngine } from './engine.ts'
import type { GraphDocument, GraphEntity, ListRequest, MentionRow, RelationRow } from './graph.ts'

const maxList = 10_000

/** Entities by id; see Graph.listEntities. */
export function listEntities(
  engine: CypherEngine,
  organizationId: string,
  request: ListRequest,
): Promise<GraphEntity[]> {
  return readingVerbs(engine, organizationId)('list_entities', toWindow(request))
}

/** Documents by id. */
export async function listDocuments(
  engine: CypherEngine,
  organizationId: string,
  request: ListRequest,
): Promise<GraphDocument[]> {
  const rows = await readingVerbs(engine, organizationId)('list_documents', toWindow(request))
  return rows.map((row) => ({ ...row, at: new Date(row.at) }))
}

/** The relations that start at the entities, in no order. */
export async function listRelations(
  engine: CypherEngine,
  organizationId: string,
  ids: readonly string[],
): Promise<RelationRow[]> {
  const run = readingVerbs(engine, organizationId)
  const found: RelationRow[] = []
  await inBatches(ids, async (batch) => {
    for (const row of await run('list_relations', { ids: batch })) found.push({ ...row, at: new Date(row.at) })
  })
  return found
}

/** The mentions of the documents, in no order. */
export async function listMentions(
  engine: CypherEngine,
  organizationId: string,
  ids: readonly string[],
): Promise<MentionRow[]> {
  const run = readingVerbs(engine, organizationId)
  const found: MentionRow[] = []
  await inBatches(ids, async (batch) => found.push(...(await run('list_mentions', { ids: batch }))))
  return found
}

/** Ids are never empty, so that everything lies behind the empty text. */
function toWindow({ after, limit }: ListRequest): { after: string; limit: number } {
  if (!Number.isInteger(limit) || limit < 1 || limit > maxList)
    throw new InvalidInput(`A list has 1 to ${maxList} at a time.`, ['limit'])
  return { after: after ?? '', limit }
}
