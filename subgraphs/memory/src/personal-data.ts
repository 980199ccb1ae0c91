import type { Graph, GraphEntity } from '@passerelle/platform/graph'
import { createMatcher, type Holding, type PersonalData, type SubjectRequest } from '@passerelle/platform/privacy'
import { everySession } from './working-memory.ts'

/**
 * What memory knows of people: short-term memory, and what they are in the graph. Its entities are made from what documents and records say, so an erasure
 * waits until the graph has followed those.
 */
export const personalData: PersonalData = {
  async find({ graph }, request) {
    const entities = await findEntities(graph, request)
    const holdings: Holding[] = [{ store: 'graph.entity', ids: entities.map(({ id }) => id).toSorted() }]
    return holdings.filter(({ ids }) => ids.length > 0)
  },

  async *export({ graph }, request) {
    const entities = await findEntities(graph, request)
    if (entities.length > 0) yield { path: 'memory/entities.json', content: JSON.stringify(entities, null, 2) }
  },

  async erase({ coordination }, { organizationId }) {
    // What was said in the last hour may name anybody, whoever said it, and is forgotten in an hour anyway.
    await coordination.memory.removeAll(organizationId, everySession)
  },
}

const mostNamed = 100

/** The entities that the person is, and every other that is called after them, such as the record of a client: it goes by a fact, after its row. */
async function findEntities(graph: Graph, { organizationId, subject, signal }: SubjectRequest): Promise<GraphEntity[]> {
  const matcher = createMatcher(subject)
  const found = new Map<string, GraphEntity>()
  const add = (entities: readonly GraphEntity[]): void => entities.forEach((entity) => found.set(entity.id, entity))
  if (subject.entityIds.length > 0) add(await graph.loadEntities(organizationId, subject.entityIds))
  for (const name of subject.names.flatMap((words) => [words, words.split(' ').toReversed().join(' ')]))
    for (let offset = 0, hasMore = true; hasMore; offset += mostNamed) {
      signal.throwIfAborted()
      const page = await graph.findEntities(organizationId, { search: name, limit: mostNamed, offset })
      add(page.entities.filter((entity) => matcher.finds(entity.name)))
      hasMore = page.hasMore
    }
  return [...found.values()]
}
