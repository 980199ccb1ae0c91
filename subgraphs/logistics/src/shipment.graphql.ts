import { linkKeysOf, requireSearch } from '@passerelle/platform/records'
import { pageArgs, requirePage, requireReader, requireScope } from '@passerelle/platform/schema'
import { builder } from './builder.ts'
import { ClientRef } from './client.ref.ts'
import { ShipmentEventsConnection, ShipmentStatusEnum } from './shipment-event.graphql.ts'
import { watchShipments, type ShipmentChange } from './shipment.facts.ts'
import { ShipmentRef, ShipmentsConnection } from './shipment.ref.ts'
import { listShipments } from './shipment.store.ts'
import { findShipment, toRecord } from './shipment.ts'

/** A partner sees every shipment of the house that made their key, a client those that are theirs. */
const both = ['partner', 'client']

ShipmentRef.implement({
  description: 'Something on its way from one place to another, under its tracking number.',
  interfaces: ['Node'],
  fields: (t) => ({
    trackingNumber: t.exposeString('trackingNumber', {
      tag: both,
      description: 'As it was typed; found in any printed form.',
    }),
    reference: t.exposeString('reference', {
      tag: both,
      nullable: true,
      description: 'What the sender or the client calls it.',
    }),
    status: t.expose('status', { tag: both, type: ShipmentStatusEnum, description: 'That of the newest event.' }),
    createdAt: t.expose('createdAt', { tag: both, type: 'DateTime', description: 'When it was registered.' }),
    updatedAt: t.expose('updatedAt', {
      tag: both,
      type: 'DateTime',
      description: 'When something of it was last written down.',
    }),
    events: t.field({
      tag: both,
      description: 'The timeline, the earliest first.',
      type: ShipmentEventsConnection,
      args: pageArgs(t),
      resolve: ({ id }, args, { events }) => events(id, requirePage(args)),
    }),
    client: t.field({
      description: 'For whom it is; null for nobody in particular, and for a client who is known no more.',
      type: ClientRef,
      nullable: true,
      resolve: ({ clientId }) => (clientId === null ? null : { id: clientId }),
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
    requireReader(context, 'record:read')
    return context.shipments.load(id)
  },
})

builder.queryField('shipment', (t) =>
  t.field({
    tag: both,
    description:
      'One shipment (`record:read`), by its id or by its tracking number in any printed form; null when there is none.',
    type: ShipmentRef,
    nullable: true,
    args: {
      id: t.arg.id({ description: 'Its id; or give the tracking number.' }),
      trackingNumber: t.arg.string({ description: 'In any printed form; or give the id.' }),
    },
    resolve: (_root, args, context) => {
      requireReader(context, 'record:read')
      return findShipment(context, args)
    },
  }),
)

builder.queryField('shipments', (t) =>
  t.field({
    tag: 'partner',
    description: 'Shipments (`record:read`), the newest first.',
    type: ShipmentsConnection,
    args: {
      ...pageArgs(t),
      search: t.arg.string({ description: 'Part of the tracking number or reference, however it is printed.' }),
      statuses: t.arg({ type: [ShipmentStatusEnum], description: 'Only those that stand at one of these.' }),
      clientId: t.arg.id({ tag: 'house', description: 'Only those of this client.' }),
    },
    resolve: (_root, { search, statuses, clientId, ...args }, context) => {
      const viewer = requireScope(context, 'record:read')
      const filter = { search: requireSearch(search), statuses: statuses ?? null, clientId: clientId ?? null }
      return listShipments(context.platform.sql, viewer, { page: requirePage(args), filter })
    },
  }),
)

const ShipmentChangeRef = builder.objectRef<ShipmentChange>('ShipmentChange').implement({
  tag: both,
  description: 'Something about a shipment is different.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Of the shipment.' }),
    shipment: t.field({
      description: 'As it is now; null once it is gone.',
      type: ShipmentRef,
      nullable: true,
      resolve: ({ id }, _args, { shipments }) => shipments.load(id),
    }),
    cursor: t.exposeString('cursor', { description: 'Continues the subscription after this change.' }),
  }),
})

builder.subscriptionField('shipmentChanged', (t) =>
  t.field({
    tag: both,
    description:
      'Every change of every shipment that the caller may read (`record:read`): live, after the cursor when there is one.',
    type: ShipmentChangeRef,
    args: { after: t.arg.string({ description: 'A cursor of an earlier change; from now on unless told.' }) },
    subscribe: (_root, { after }, context) =>
      watchShipments(context.platform, { viewer: requireReader(context, 'record:read'), after }),
    resolve: (change) => change,
  }),
)
