import { entityId } from '@passerelle/platform/identifiers'
import { connectionType, pageArgs, requirePage, requireScope } from '@passerelle/platform/schema'
import { builder } from './builder.ts'
import { DocumentRef } from './document.ref.ts'
import { listDocumentsOf } from './record-documents.store.ts'

const RecordDocumentsConnection = connectionType(builder, 'RecordDocumentsConnection', { node: DocumentRef })

// A record and a document meet by the keys both know, whichever came first.
for (const name of ['Shipment', 'Client', 'Property']) {
  builder.externalRef(name, builder.selection<{ id: string }>('id')).implement({
    externalFields: (t) => ({ id: t.id(), linkKeys: t.stringList() }),
    fields: (t) => ({
      documents: t.field({
        description: 'The documents that carry one of its numbers or its name, newest first.',
        type: RecordDocumentsConnection,
        nullable: true,
        args: pageArgs(t),
        requires: builder.selection<{ linkKeys: string[] }>('linkKeys'),
        resolve: (record, args, context) => {
          const viewer = requireScope(context, 'document:read')
          const ids = record.linkKeys.flatMap((key) => toEntityIds(viewer.organizationId, key))
          return listDocumentsOf(context.platform.sql, viewer, ids, requirePage(args, { keys: 1 }))
        },
      }),
    }),
  })
}

/** The entities a key of a record may be in documents: `SIREN:732829320` is an identifier, `NAME:durand` a company, a person or a place. */
function toEntityIds(organizationId: string, linkKey: string): string[] {
  const colon = linkKey.indexOf(':')
  const [kind, key] = [linkKey.slice(0, colon), linkKey.slice(colon + 1)]
  if (kind !== 'NAME') return [entityId({ organizationId, type: 'IDENTIFIER', kind, key })]
  return ['ORGANIZATION', 'PERSON', 'PLACE'].map((type) => entityId({ organizationId, type, kind: null, key }))
}
