import { createBuilder } from '@passerelle/platform/schema'
import type { BaseContext, Platform, RequestInfo } from '@passerelle/platform/subgraph'
import { createLoaders, type Loaders } from './loaders.ts'

/** What a documents resolver has at hand. */
export interface DocumentsContext extends BaseContext {
  platform: Platform
  load: Loaders
}

export const builder = createBuilder<DocumentsContext>()

export function createContext(platform: Platform, request: RequestInfo): DocumentsContext {
  return { ...request, platform, load: createLoaders(platform.sql, request.viewer) }
}
