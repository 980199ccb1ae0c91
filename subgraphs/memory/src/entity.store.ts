import DataLoader from 'dataloader'
import type { EntityType, Graph, GraphEntity } from '@passerelle/platform/graph'
import type { Page, Viewer } from '@passerelle/platform/schema'
import { pageAt, type OffsetRequest } from './offset-page.ts'

export type Entity = GraphEntity
export type EntityLoader = DataLoader<string, Entity | null>

/** True for an id that may be an entity's; anything else is not found without asking the graph. */
export function isEntityId(id: string): boolean {
  return /^ent_[0-9a-z]{1,40}$/.test(id)
}

/** Loads the entities of one request together, of the viewer's organisation; null for the rest. */
export function createEntityLoader(graph: Graph, viewer: Viewer | null): EntityLoader {
  return new DataLoader(async (ids) => {
    const wanted = ids.filter(isEntityId)
    const found = viewer && wanted.length > 0 ? await graph.loadEntities(viewer.organizationId, wanted) : []
    const byId = new Map(found.map((entity) => [entity.id, entity]))
    return ids.map((id) => byId.get(id) ?? null)
  })
}

export interface EntityFilter {
  search?: string
  types?: readonly EntityType[]
}

/** Entities of the organisation, those in most documents first. */
export async function listEntities(
  graph: Graph,
  { organizationId }: Viewer,
  { filter, page }: { filter: EntityFilter; page: OffsetRequest },
): Promise<Page<Entity>> {
  const { first, offset } = page
  const { entities, hasMore } = await graph.findEntities(organizationId, { ...filter, limit: first, offset })
  return pageAt({ nodes: entities, hasMore }, page, () => graph.countEntities(organizationId, filter))
}

/** Entities a document mentions, the most mentioned first. */
export async function listDocumentEntities(
  graph: Graph,
  { organizationId }: Viewer,
  { filter, page }: { filter: { documentId: string; types?: readonly EntityType[] }; page: OffsetRequest },
): Promise<Page<Entity>> {
  const { first, offset } = page
  const { entities, hasMore } = await graph.entitiesOfDocument(organizationId, { ...filter, limit: first, offset })
  return pageAt({ nodes: entities, hasMore }, page, () => graph.countEntitiesOfDocument(organizationId, filter))
}
