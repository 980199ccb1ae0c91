import { connectionType, pageArgs, requirePage, requireScope } from '@passerelle/platform/schema'
import { builder } from '../builder.ts'
import { DocumentRef } from '../document/document.ref.ts'
import { listRecordDocuments } from './record-documents.ts'

const RecordDocumentsConnection = connectionType(builder, 'RecordDocumentsConnection', {
  node: DocumentRef,
  tag: 'partner',
})

/** A record and a document meet by the keys both know, whichever came first. Partners see shipments alone. */
function addDocuments(name: string, tag: string | string[] = []) {
  return builder.externalRef(name, builder.selection<{ id: string }>('id')).implement({
    externalFields: (t) => ({ id: t.id(), linkKeys: t.stringList() }),
    fields: (t) => ({
      documents: t.field({
        tag,
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

addDocuments('Shipment', 'partner')
addDocuments('Property')
/** With whom documents are shared, too. */
export const ClientRef = addDocuments('Client')
