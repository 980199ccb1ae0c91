import type { Generated } from 'kysely'
import type { ShipmentStatus } from './shipment-status.ts'

/** The rows of logistics, as PostgreSQL has them. */
export type Tables = {
  'logistics.shipment': {
    id: string
    organization_id: string
    tracking_number: string
    tracking_key: string
    reference: string | null
    client_id: string | null
    status: ShipmentStatus
    moved_at: Date | null
    search: string
    created_at: Generated<Date>
    updated_at: Generated<Date>
  }
  'logistics.shipment_event': {
    id: string
    organization_id: string
    shipment_id: string
    number: number
    status: ShipmentStatus
    note: string | null
    occurred_at: Date
    recorded_at: Generated<Date>
    actor: string | null
  }
}
