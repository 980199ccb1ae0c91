import { pageArgs, requirePage, requireReader } from '@passerelle/platform/schema'
import { ClientRef } from './client.ref.ts'
import { ShipmentsConnection } from './shipment.ref.ts'
import { listShipments } from './shipment.store.ts'

ClientRef.implement({
  externalFields: (t) => ({ id: t.id() }),
  fields: (t) => ({
    shipments: t.field({
      tag: 'client',
      description: 'What is on its way for them, the newest first; null when it cannot be asked for.',
      type: ShipmentsConnection,
      nullable: true,
      args: pageArgs(t),
      resolve: ({ id: clientId }, args, context) =>
        listShipments(context.platform.sql, requireReader(context, 'record:read'), {
          page: requirePage(args),
          filter: { search: null, statuses: null, clientId },
        }),
    }),
  }),
})
