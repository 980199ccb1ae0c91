import { EngineUnavailable, InvalidInput, NotAllowed, NotFound, requireScope } from '@passerelle/platform/schema'
import { builder } from './builder.ts'
import { recordShipmentEvent } from './shipment-event.ts'
import { ShipmentStatusEnum } from './shipment-event.graphql.ts'
import { ShipmentRef } from './shipment.ref.ts'
import { createShipment, updateShipment } from './shipment.ts'

const CreateShipmentInput = builder.inputType('CreateShipmentInput', {
  description: 'A shipment to register.',
  fields: (t) => ({
    trackingNumber: t.string({
      required: true,
      description: 'As the carrier prints it; at most 80 characters, some of them letters or digits.',
    }),
    status: t.field({ type: ShipmentStatusEnum, description: 'PENDING unless told.' }),
    reference: t.string({ description: 'What the sender or the client calls it; one line of at most 120 characters.' }),
    clientId: t.id({ description: 'For whom it is: a client of the organisation, who can then follow it.' }),
  }),
})

const UpdateShipmentInput = builder.inputType('UpdateShipmentInput', {
  description: 'What is left out stays; null clears.',
  fields: (t) => ({
    id: t.id({ required: true, description: 'Of the shipment.' }),
    reference: t.string({ description: 'What the sender or the client calls it; one line of at most 120 characters.' }),
    clientId: t.id({ description: 'For whom it is: a client of the organisation, who can then follow it.' }),
  }),
})

builder.mutationField('createShipment', (t) =>
  t.field({
    description: 'Registers a shipment. A tracking number is one in an organisation, however it is printed.',
    type: ShipmentRef,
    errors: { types: [InvalidInput, NotAllowed, EngineUnavailable] },
    args: { input: t.arg({ type: CreateShipmentInput, required: true, description: 'The shipment.' }) },
    resolve: (_root, { input }, context) =>
      createShipment(context.platform, requireScope(context, 'record:write'), input),
  }),
)

builder.mutationField('updateShipment', (t) =>
  t.field({
    description: 'Changes what a shipment is called and for whom it is. What happened to it is recorded as an event.',
    type: ShipmentRef,
    errors: { types: [NotFound, InvalidInput, NotAllowed, EngineUnavailable] },
    args: { input: t.arg({ type: UpdateShipmentInput, required: true, description: 'The change.' }) },
    resolve: (_root, { input }, context) =>
      updateShipment(context.platform, requireScope(context, 'record:write'), input),
  }),
)

const RecordShipmentEventInput = builder.inputType('RecordShipmentEventInput', {
  description: 'Something that happened to a shipment.',
  fields: (t) => ({
    shipmentId: t.id({ required: true, description: 'To which.' }),
    status: t.field({
      type: ShipmentStatusEnum,
      required: true,
      description: 'What happened; it must be able to follow what is known.',
    }),
    note: t.string({ description: 'One line that is kept with it; at most 500 characters.' }),
    occurredAt: t.field({ type: 'DateTime', description: 'Now unless told.' }),
  }),
})

builder.mutationField('recordShipmentEvent', (t) =>
  t.field({
    tag: 'partner',
    description:
      'Adds an event to the timeline (`record:write`); the newest by `occurredAt` says the status. What is told late is kept in its place.',
    type: ShipmentRef,
    errors: { types: [NotFound, NotAllowed, InvalidInput] },
    args: { input: t.arg({ type: RecordShipmentEventInput, required: true, description: 'The event.' }) },
    resolve: (_root, { input }, context) =>
      recordShipmentEvent(context.platform, requireScope(context, 'record:write'), input),
  }),
)
