import { linkKeysOf, requireSearch } from '@passerelle/platform/records'
import {
  InvalidInput,
  NotAllowed,
  NotFound,
  connectionType,
  pageArgs,
  requirePage,
  requireScope,
} from '@passerelle/platform/schema'
import { builder } from './builder.ts'
import { recordShipmentEvent } from './shipment-event.ts'
import { ShipmentEventsConnection, ShipmentStatusEnum } from './shipment-event.graphql.ts'
import { watchShipments, type ShipmentChange } from './shipment.facts.ts'
import { listShipments } from './shipment.store.ts'
import { createShipment, findShipment, toRecord, type Shipment } from './shipment.ts'

const ShipmentRef = builder.objectRef<Shipment>('Shipment').implement({
  description: 'Something on its way from one place to another, under its tracking number.',
  interfaces: ['Node'],
  fields: (t) => ({
    trackingNumber: t.exposeString('trackingNumber', {
      tag: 'partner',
      description: 'As it was typed; found in any printed form.',
    }),
    reference: t.exposeString('reference', {
      tag: 'partner',
      nullable: true,
      description: 'What the sender or the client calls it.',
    }),
    status: t.expose('status', { tag: 'partner', type: ShipmentStatusEnum, description: 'That of the newest event.' }),
    createdAt: t.expose('createdAt', { tag: 'partner', type: 'DateTime', description: 'When it was registered.' }),
    updatedAt: t.expose('updatedAt', {
      tag: 'partner',
      type: 'DateTime',
      description: 'When its last event was recorded.',
    }),
    events: t.field({
      tag: 'partner',
      description: 'The timeline, the earliest first.',
      type: ShipmentEventsConnection,
      args: pageArgs(t),
      resolve: ({ id }, args, { events }) => events(id, requirePage(args)),
    }),
    linkKeys: t.stringList({
      description: 'The normalised keys under which documents know it, strong to weak.',
      inaccessible: true,
      resolve: (shipment) => linkKeysOf(toRecord(shipment)),
    }),
  }),
})

builder.asEntity(ShipmentRef, {
  key: builder.selection<{ id: string }>('id'),
  resolveReference: ({ id }, context) => {
    requireScope(context, 'record:read')
    return context.shipments.load(id)
  },
})

const ShipmentsConnection = connectionType(builder, 'ShipmentsConnection', { node: ShipmentRef, tag: 'partner' })

builder.queryField('shipment', (t) =>
  t.field({
    tag: 'partner',
    description: 'One shipment, by its id or by its tracking number in any printed form.',
    type: ShipmentRef,
    nullable: true,
    args: {
      id: t.arg.id({ description: 'Its id; or give the tracking number.' }),
      trackingNumber: t.arg.string({ description: 'In any printed form; or give the id.' }),
    },
    resolve: (_root, args, context) => {
      requireScope(context, 'record:read')
      return findShipment(context, args)
    },
  }),
)

builder.queryField('shipments', (t) =>
  t.field({
    tag: 'partner',
    description: 'Shipments, the newest first.',
    type: ShipmentsConnection,
    args: {
      ...pageArgs(t),
      search: t.arg.string({ description: 'Part of the tracking number or reference, however it is printed.' }),
      statuses: t.arg({ type: [ShipmentStatusEnum], description: 'Only those that stand at one of these.' }),
    },
    resolve: (_root, { search, statuses, ...args }, context) => {
      const viewer = requireScope(context, 'record:read')
      const filter = { search: requireSearch(search), statuses: statuses ?? null }
      return listShipments(context.platform.sql, viewer, { page: requirePage(args), filter })
    },
  }),
)

const CreateShipmentInput = builder.inputType('CreateShipmentInput', {
  description: 'A shipment to register.',
  fields: (t) => ({
    trackingNumber: t.string({
      required: true,
      description: 'As the carrier prints it; at most 80 characters, some of them letters or digits.',
    }),
    status: t.field({ type: ShipmentStatusEnum, description: 'PENDING unless told.' }),
    reference: t.string({ description: 'What the sender or the client calls it; one line of at most 120 characters.' }),
  }),
})

builder.mutationField('createShipment', (t) =>
  t.field({
    description: 'Registers a shipment. A tracking number is one in an organisation, however it is printed.',
    type: ShipmentRef,
    errors: { types: [InvalidInput, NotAllowed] },
    args: { input: t.arg({ type: CreateShipmentInput, required: true, description: 'The shipment.' }) },
    resolve: (_root, { input }, context) =>
      createShipment(context.platform, requireScope(context, 'record:write'), input),
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
    note: t.string({ description: 'One line that is kept with it.' }),
    occurredAt: t.field({ type: 'DateTime', description: 'Now unless told.' }),
  }),
})

builder.mutationField('recordShipmentEvent', (t) =>
  t.field({
    tag: 'partner',
    description:
      'Adds an event to the timeline; the newest by `occurredAt` says the status. What is told late is kept in its place.',
    type: ShipmentRef,
    errors: { types: [NotFound, NotAllowed, InvalidInput] },
    args: { input: t.arg({ type: RecordShipmentEventInput, required: true, description: 'The event.' }) },
    resolve: (_root, { input }, context) =>
      recordShipmentEvent(context.platform, requireScope(context, 'record:write'), input),
  }),
)

const ShipmentChangeRef = builder.objectRef<ShipmentChange>('ShipmentChange').implement({
  tag: 'partner',
  description: 'Something about a shipment is different.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Of the shipment.' }),
    shipment: t.field({
      description: 'As it is now.',
      type: ShipmentRef,
      nullable: true,
      resolve: ({ id }, _args, { shipments }) => shipments.load(id),
    }),
    cursor: t.exposeString('cursor', { description: 'Continues the subscription after this change.' }),
  }),
})

builder.subscriptionField('shipmentChanged', (t) =>
  t.field({
    tag: 'partner',
    description: 'Every change of every shipment: live, after the cursor when there is one.',
    type: ShipmentChangeRef,
    args: { after: t.arg.string({ description: 'A cursor of an earlier change; from now on unless told.' }) },
    subscribe: (_root, { after }, context) =>
      watchShipments(context.platform, { viewer: requireScope(context, 'record:read'), after }),
    resolve: (change) => change,
  }),
)
