import { readingVerbs, type CypherEngine } from './engine.ts'
import { findEntities } from './entities.ts'
import type { GraphStatistics } from './graph.ts'

/** No count reads more of anything than this. */
const cap = 500_000
const mostConnected = 10

/** What the organisation's graph is made of; see Graph.statistics. */
export async function findStatistics(engine: CypherEngine, organizationId: string): Promise<GraphStatistics> {
  const run = readingVerbs(engine, organizationId)
  const months = await run('count_document_months', { cap })
  const entitiesByType = await run('count_entity_types', { cap })
  const relationsByType = await run('count_relation_types', { cap })
  const { entities: known } = await findEntities(engine, organizationId, { limit: mostConnected, offset: 0 })
  const sum = <Row>(rows: readonly Row[], of: (row: Row) => number) => rows.reduce((all, row) => all + of(row), 0)
  const documents = sum(months, (row) => row.documents)
  const entities = sum(entitiesByType, (row) => row.count)
  const relations = sum(relationsByType, (row) => row.count)
  return {
    documents,
    documentsWithoutEntities: sum(months, (row) => row.bare),
    entities,
    mentions: sum(months, (row) => row.mentions),
    relations,
    entitiesByType,
    relationsByType,
    mostConnected: known.filter((entity) => entity.documents > 0),
    months: months.map(({ month, documents: count, mentions }) => ({ month, documents: count, mentions })),
    capped: [documents, entities, relations].some((count) => count >= cap),
  }
}
