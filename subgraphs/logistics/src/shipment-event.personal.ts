import type { SealedTable } from '@passerelle/platform/sealing'

/** What is personal of a shipment's timeline: its notes say who took what, and how to reach them. */
export const shipmentEventTable: SealedTable = { name: 'logistics.shipment_event', row: 'id', columns: ['note'] }
