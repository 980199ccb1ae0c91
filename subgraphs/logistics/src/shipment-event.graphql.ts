import { connectionType } from '@passerelle/platform/schema'
import { builder } from './builder.ts'
import type { ShipmentStatus } from './shipment-status.ts'
import type { ShipmentEvent } from './shipment-event.ts'

export const ShipmentStatusEnum = builder.enumType('ShipmentStatus', {
  description: 'Where a shipment is on its way. DELIVERED, RETURNED and CANCELLED are the end of it.',
  values: {
    DRAFT: { description: 'Written down; nobody has been told yet.' },
    PENDING: { description: 'Announced; the carrier does not have it yet.' },
    PICKED_UP: { description: 'The carrier has it.' },
    IN_TRANSIT: { description: 'Under way.' },
    AT_HUB: { description: 'At a depot or sorting centre.' },
    OUT_FOR_DELIVERY: { description: 'On the vehicle that delivers it.' },
    DELIVERED: { description: 'Handed over.' },
    ATTEMPT_FAILED: { description: 'Nobody took it; it will be tried again.' },
    ON_HOLD: { description: 'It waits: for customs, payment or instructions.' },
    RETURNED: { description: 'Back at the sender.' },
    LOST: { description: 'Nobody knows where it is; it may still be found.' },
    CANCELLED: { description: 'Called off before it left.' },
  } satisfies Record<ShipmentStatus, { description: string }>,
})

const UserRef = builder.externalRef('User', builder.selection<{ id: string }>('id')).implement({
  externalFields: (t) => ({ id: t.id() }),
})

const ShipmentEventRef = builder.objectRef<ShipmentEvent>('ShipmentEvent').implement({
  description: "One line of a shipment's timeline.",
  fields: (t) => ({
    id: t.exposeID('id', { tag: ['partner', 'client'], description: 'Of this line.' }),
    status: t.expose('status', { tag: ['partner', 'client'], type: ShipmentStatusEnum, description: 'What happened.' }),
    note: t.exposeString('note', { tag: 'partner', nullable: true, description: 'What was added to it.' }),
    occurredAt: t.expose('occurredAt', {
      tag: ['partner', 'client'],
      type: 'DateTime',
      description: 'When it happened, as told.',
    }),
    recordedAt: t.expose('recordedAt', {
      tag: ['partner', 'client'],
      type: 'DateTime',
      description: 'When we were told.',
    }),
    actor: t.field({
      description: 'Who recorded it; null for a service, and for who may not see the members.',
      type: UserRef,
      nullable: true,
      resolve: ({ actor }) => (actor ? { id: actor } : null),
    }),
  }),
})

export const ShipmentEventsConnection = connectionType(builder, 'ShipmentEventsConnection', {
  node: ShipmentEventRef,
  tag: ['partner', 'client'],
})
