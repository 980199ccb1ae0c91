import { connectionType } from '@passerelle/platform/schema'
import { builder } from './builder.ts'
import { shipmentStatuses } from './shipment-status.ts'
import type { ShipmentEvent } from './shipment-event.ts'

export const ShipmentStatusEnum = builder.enumType('ShipmentStatus', {
  description: 'Where a shipment is on its way. DELIVERED, RETURNED and CANCELLED are the end of it.',
  values: shipmentStatuses,
})

const UserRef = builder.externalRef('User', builder.selection<{ id: string }>('id')).implement({
  externalFields: (t) => ({ id: t.id() }),
})

const ShipmentEventRef = builder.objectRef<ShipmentEvent>('ShipmentEvent').implement({
  description: "One line of a shipment's timeline.",
  fields: (t) => ({
    id: t.exposeID('id'),
    status: t.expose('status', { type: ShipmentStatusEnum }),
    note: t.exposeString('note', { nullable: true }),
    occurredAt: t.expose('occurredAt', { type: 'DateTime', description: 'When it happened, as told.' }),
    recordedAt: t.expose('recordedAt', { type: 'DateTime', description: 'When we were told.' }),
    actor: t.field({
      description: 'Who recorded it; null for a service.',
      type: UserRef,
      nullable: true,
      resolve: ({ actor }) => (actor ? { id: actor } : null),
    }),
  }),
})

export const ShipmentEventsConnection = connectionType(builder, 'ShipmentEventsConnection', { node: ShipmentEventRef })
