import { connectionType, pageArgs, requirePage, requireScope } from '@passerelle/platform/schema'
import { builder } from './builder.ts'
import { DocumentRef } from './document.ref.ts'
import { listRecordDocuments } from './record-documents.ts'

const RecordDocumentsConnection = connectionType(builder, 'RecordDocumentsConnection', {
  node: DocumentRef,
  tag: 'partner',
})

// A record and a document meet by the keys both know, whichever came first. Partners see shipments alone.
for (const name of ['Shipment', 'Client', 'Property']) {
  builder.externalRef(name, builder.selection<{ id: string }>('id')).implement({
    externalFields: (t) => ({ id: t.id(), linkKeys: t.stringList() }),
    fields: (t) => ({
      documents: t.field({
        tag: name === 'Shipment' ? 'partner' : [],
        description: 'The documents that carry one of its numbers or its name, newest first.',
        type: RecordDocumentsConnection,
        nullable: true,
        args: pageArgs(t),
        requires: builder.selection<{ linkKeys: string[] }>('linkKeys'),
        resolve: ({ linkKeys }, args, context) =>
          listRecordDocuments(context.platform, requireScope(context, 'document:read'), {
            linkKeys,
            page: requirePage(args),
          }),
      }),
    }),
  })
}
