import type { Holding, PersonalData } from '@passerelle/platform/privacy'
import { everySession, sessionsOf } from './working-memory.ts'

/**
 * What memory knows of people: short-term memory, and what they are in the graph. Its entities are made from what documents and records say, so an erasure
 * waits until the graph has followed those.
 */
export const personalData: PersonalData = {
  async find({ graph }, { organizationId, subject }) {
    if (subject.entityIds.length === 0) return []
    const entities = await graph.loadEntities(organizationId, subject.entityIds)
    const holdings: Holding[] = [{ store: 'graph.entity', ids: entities.map(({ id }) => id).toSorted() }]
    return holdings.filter(({ ids }) => ids.length > 0)
  },

  async *export({ graph }, { organizationId, subject }) {
    if (subject.entityIds.length === 0) return
    const entities = await graph.loadEntities(organizationId, subject.entityIds)
    if (entities.length > 0) yield { path: 'memory/entities.json', content: JSON.stringify(entities, null, 2) }
  },

  async erase({ coordination }, { organizationId, subject }) {
    // What was said in the last hour may name anybody, and is forgotten in an hour anyway.
    const beginning = subject.userId ? sessionsOf(subject.userId) : everySession
    await coordination.memory.removeAll(organizationId, beginning)
  },
}
