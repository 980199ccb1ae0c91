import { createBuilder } from '@passerelle/platform/schema'
import type { BaseContext, Platform, RequestInfo } from '@passerelle/platform/subgraph'
import { createUserLoader, type UserLoader } from './people/user.store.ts'

/** What a tenancy resolver has at hand. */
export interface TenancyContext extends BaseContext {
  platform: Platform
  users: UserLoader
}

export const builder = createBuilder<TenancyContext>()

export function createContext(platform: Platform, request: RequestInfo): TenancyContext {
  const context: TenancyContext = { ...request, platform, users: createUserLoader(platform, () => context.viewer) }
  return context
}
