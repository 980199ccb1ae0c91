import { forgetDocument, recordDocuments } from './documents.ts'
import { forgetAll } from './emptying.ts'
import { readingVerbs, writeVerbs, type CypherEngine } from './engine.ts'
import { countEntities, countEntitiesOfDocument, entitiesOfDocument, findEntities, loadEntities } from './entities.ts'
import type { Graph } from './graph.ts'
import { findCoMentions } from './co-mentions.ts'
import { listDocuments, listEntities, listMentions, listRelations } from './listing.ts'
import { findNeighbours } from './neighbours.ts'
import { findPath } from './path.ts'
import { forgetRecord, recordRecord } from './records.ts'
import { findShapedPosition, stamp } from './shape.ts'
import { findRelationSources } from './sources.ts'
import { findStatistics } from './statistics.ts'
import { findActivity, findTimeline } from './timeline.ts'

/** The graph port over any engine that runs the files of `cypher/`. */
export function createGraph(engine: CypherEngine): Graph {
  return {
    recordDocument: (organizationId, document) => recordDocuments(engine, organizationId, [document]),
    recordDocuments: (organizationId, documents) => recordDocuments(engine, organizationId, documents),
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
    coMentions: (organizationId, query) => findCoMentions(engine, organizationId, query),
    timeline: (organizationId, query) => findTimeline(engine, organizationId, query),
    activity: (organizationId, query) => findActivity(engine, organizationId, query),
    relationSources: (organizationId, query) => findRelationSources(engine, organizationId, query),
    statistics: (organizationId) => findStatistics(engine, organizationId),
    listEntities: (organizationId, request) => listEntities(engine, organizationId, request),
    listDocuments: (organizationId, request) => listDocuments(engine, organizationId, request),
    listRelations: (organizationId, ids) => listRelations(engine, organizationId, ids),
    listMentions: (organizationId, ids) => listMentions(engine, organizationId, ids),
    async applied(organizationId, consumer) {
      const [row] = await readingVerbs(engine, organizationId)('find_applied', { consumer })
      return findShapedPosition(row?.position)
    },
    async setApplied(organizationId, consumer, position) {
      await writeVerbs(engine, organizationId, (run) => run('record_applied', { consumer, position: stamp(position) }))
    },
    forgetAll: (organizationId) => forgetAll(engine, organizationId),
    health: () => engine.health(),
    compact: () => engine.compact(),
    close: () => engine.close(),
  }
}
