import { createBuilder } from '@passerelle/platform/schema'
import type { BaseContext, Platform, RequestInfo } from '@passerelle/platform/subgraph'
import { createEntityLoader, type EntityLoader } from './entity.store.ts'
import { createSourceLoader, type SourceLoader } from './source.ts'

/** What a memory resolver has at hand. */
export interface MemoryContext extends BaseContext {
  platform: Platform
  entities: EntityLoader
  sources: SourceLoader
}

export const builder = createBuilder<MemoryContext>()

export function createContext(platform: Platform, request: RequestInfo): MemoryContext {
  const { graph } = platform
  return {
    ...request,
    platform,
    entities: createEntityLoader(graph, request.viewer),
    sources: createSourceLoader(graph, request.viewer),
  }
}
