import { createRecordLoader, type RecordLoader } from '@passerelle/platform/records'
import { createBuilder } from '@passerelle/platform/schema'
import type { BaseContext, Platform, RequestInfo } from '@passerelle/platform/subgraph'
import { loadClients } from './client.store.ts'
import type { Client } from './client.ts'
import { loadProperties } from './property.store.ts'
import type { Property } from './property.ts'

/** What a conciergerie resolver has at hand. */
export interface ConciergerieContext extends BaseContext {
  platform: Platform
  clients: RecordLoader<Client>
  properties: RecordLoader<Property>
}

export const builder = createBuilder<ConciergerieContext>()

export function createContext(platform: Platform, request: RequestInfo): ConciergerieContext {
  const { sql } = platform
  const { viewer } = request
  return {
    ...request,
    platform,
    clients: createRecordLoader({ sql, viewer, prefix: 'cli' }, loadClients),
    properties: createRecordLoader({ sql, viewer, prefix: 'prp' }, loadProperties),
  }
}
