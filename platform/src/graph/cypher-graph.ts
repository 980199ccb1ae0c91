import { forgetDocument, recordDocument } from './documents.ts'
import { readingVerbs, writeVerbs, type CypherEngine } from './engine.ts'
import { countEntities, countEntitiesOfDocument, entitiesOfDocument, findEntities, loadEntities } from './entities.ts'
import type { Graph } from './graph.ts'
import { findNeighbours } from './neighbours.ts'
import { findPath } from './path.ts'
import { forgetRecord, recordRecord } from './records.ts'

/** The graph port over any engine that runs the files of `cypher/`. */
export function createGraph(engine: CypherEngine): Graph {
  return {
    recordDocument: (organizationId, document) => recordDocument(engine, organizationId, document),
    forgetDocument: (organizationId, documentId) => forgetDocument(engine, organizationId, documentId),
    recordRecord: (organizationId, record) => recordRecord(engine, organizationId, record),
    forgetRecord: (organizationId, entityId) => forgetRecord(engine, organizationId, entityId),
    loadEntities: (organizationId, ids) => loadEntities(engine, organizationId, ids),
    findEntities: (organizationId, query) => findEntities(engine, organizationId, query),
    countEntities: (organizationId, query) => countEntities(engine, organizationId, query),
    entitiesOfDocument: (organizationId, query) => entitiesOfDocument(engine, organizationId, query),
    countEntitiesOfDocument: (organizationId, query) => countEntitiesOfDocument(engine, organizationId, query),
    neighbours: (organizationId, query) => findNeighbours(engine, organizationId, query),
    path: (organizationId, query) => findPath(engine, organizationId, query),
    async applied(organizationId, consumer) {
      const [row] = await readingVerbs(engine, organizationId)('find_applied', { consumer })
      return row?.position ?? '0'
    },
    async setApplied(organizationId, consumer, position) {
      await writeVerbs(engine, organizationId, (run) => run('record_applied', { consumer, position }))
    },
    health: () => engine.health(),
    close: () => engine.close(),
  }
}
