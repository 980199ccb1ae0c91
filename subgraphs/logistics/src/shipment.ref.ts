import { connectionType } from '@passerelle/platform/schema'
import { builder } from './builder.ts'
import type { Shipment } from './shipment.ts'

/** The type, before its fields: what clients point to. */
export const ShipmentRef = builder.objectRef<Shipment>('Shipment')

export const ShipmentsConnection = connectionType(builder, 'ShipmentsConnection', {
  node: ShipmentRef,
  tag: ['partner', 'client'],
})
