import type { EntityType, GraphPath, GraphRelation } from '@passerelle/platform/graph'
import { InvalidInput, type Viewer } from '@passerelle/platform/schema'
import type { Platform } from '@passerelle/platform/subgraph'
import { requirePeriod } from './period.ts'
import { isEntityId, type Entity, type EntityLoader } from './entity.store.ts'

const maxDepth = 4
const maxRelations = 20

export interface WalkArgs {
  types?: readonly EntityType[] | null | undefined
  relations?: readonly string[] | null | undefined
  since?: Date | null | undefined
  until?: Date | null | undefined
  depth?: number | null | undefined
  first?: number | null | undefined
}

/** The bounds of a walk, checked: one step unless told, four at most; what more would be refused is not cut. */
export function requireWalk(
  { types, relations, since, until, depth, first }: WalkArgs,
  { usual, max }: { usual: number; max: number },
) {
  const walk = {
    depth: depth ?? 1,
    limit: first ?? usual,
    ...(types && { types }),
    ...(relations && { relations }),
    ...requirePeriod({ since, until }),
  }
  if (relations && (relations.length > maxRelations || relations.some((type) => !/^[A-Z_]{1,40}$/.test(type))))
    throw new InvalidInput(`relations are at most ${maxRelations} names such as WORKS_FOR.`, ['relations'])
  if (walk.depth < 1 || walk.depth > maxDepth) throw new InvalidInput(`depth is between 1 and ${maxDepth}.`, ['depth'])
  if (walk.limit < 1 || walk.limit > max) throw new InvalidInput(`first is between 1 and ${max}.`, ['first'])
  return walk
}

/** An entity with what is around it, and all relations among them: a picture's nodes and lines. */
export interface Neighbourhood {
  entities: Entity[]
  relations: GraphRelation[]
  truncated: boolean
}

interface Asked {
  platform: Platform
  entities: EntityLoader
}

/** The neighbourhood of an entity, null for an unknown one. */
export async function findNeighbourhood(
  { platform, entities }: Asked,
  { organizationId }: Viewer,
  { id, walk }: { id: string; walk: ReturnType<typeof requireWalk> },
): Promise<Neighbourhood | null> {
  const start = await entities.load(id)
  if (!start) return null
  const { neighbours, relations, truncated } = await platform.graph.neighbours(organizationId, { id, ...walk })
  return { entities: [start, ...neighbours.map(({ entity }) => entity)], relations, truncated }
}

/** A shortest path between two entities, ends included; null when there is none within the steps, or one of them is unknown. */
export async function findPath(
  { graph }: Platform,
  { organizationId }: Viewer,
  { from, to, maxDepth: given }: { from: string; to: string; maxDepth?: number | null | undefined },
): Promise<GraphPath | null> {
  const steps = given ?? maxDepth
  if (steps < 1 || steps > maxDepth) throw new InvalidInput(`maxDepth is between 1 and ${maxDepth}.`, ['maxDepth'])
  if (!isEntityId(from) || !isEntityId(to)) return null
  return graph.path(organizationId, { from, to, maxDepth: steps })
}
