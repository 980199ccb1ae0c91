import { createBuilder } from '@passerelle/platform/schema'
import type { BaseContext, Platform, RequestInfo } from '@passerelle/platform/subgraph'
import { createEntityLoader, type EntityLoader } from './entity.store.ts'

/** What a memory resolver has at hand. */
export interface MemoryContext extends BaseContext {
  platform: Platform
  entities: EntityLoader
}

export const builder = createBuilder<MemoryContext>()

export function createContext(platform: Platform, request: RequestInfo): MemoryContext {
  return { ...request, platform, entities: createEntityLoader(platform.graph, request.viewer) }
}
