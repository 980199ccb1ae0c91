import { createRecordLoader, type RecordLoader } from '@passerelle/platform/records'
import { createBuilder } from '@passerelle/platform/schema'
import type { BaseContext, Platform, RequestInfo } from '@passerelle/platform/subgraph'
import { createEventPages, type EventPages } from './shipment-event.store.ts'
import { loadShipments } from './shipment.store.ts'
import type { Shipment } from './shipment.ts'

/** What a logistics resolver has at hand. */
export interface LogisticsContext extends BaseContext {
  platform: Platform
  shipments: RecordLoader<Shipment>
  events: EventPages
}

export const builder = createBuilder<LogisticsContext>()

export function createContext(platform: Platform, request: RequestInfo): LogisticsContext {
  const { sql } = platform
  const { viewer } = request
  return {
    ...request,
    platform,
    shipments: createRecordLoader({ sql, viewer, prefix: 'shp' }, loadShipments),
    events: createEventPages(platform, viewer),
  }
}
