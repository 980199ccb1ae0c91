import DataLoader from 'dataloader'
import type { Graph, RelationKey, RelationSource } from '@passerelle/platform/graph'
import { InvalidInput, type Viewer } from '@passerelle/platform/schema'
import { isEntityId } from './entity.store.ts'

const [usual, most] = [5, 20]

interface Asked extends RelationKey {
  first: number
}

export type SourceLoader = DataLoader<Asked, RelationSource[], string>

/** How many sources of each relation are shown: 5 unless told, 20 at most. */
export function requireSources(first: number | null | undefined): number {
  const wanted = first ?? usual
  if (wanted < 1 || wanted > most) throw new InvalidInput(`first is between 1 and ${most}.`, ['first'])
  return wanted
}

/** Loads what states the relations of one request together, in the viewer's organisation. */
export function createSourceLoader(graph: Graph, viewer: Viewer | null): SourceLoader {
  return new DataLoader(
    async (asked) => {
      if (!viewer) return asked.map(() => [])
      const relations = asked.map(({ from, to, type }) => ({ from, to, type }))
      const known = relations.every(({ from, to }) => isEntityId(from) && isEntityId(to))
      const limit = Math.max(...asked.map(({ first }) => first))
      const found = known ? await graph.relationSources(viewer.organizationId, { relations, limit }) : []
      return asked.map(({ first }, index) => (found[index] ?? []).slice(0, first))
    },
    { cacheKeyFn: ({ from, to, type, first }) => `${from} ${to} ${type} ${first}` },
  )
}
