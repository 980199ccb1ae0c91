import { requireReader } from '@passerelle/platform/schema'
import { builder } from '../builder.ts'
import { ClientRef } from '../records/record.graphql.ts'
import { SharedDocumentRef } from './share.graphql.ts'
import { findShared, watchShares, type ShareChange } from './share.ts'

const DocumentShareChangeRef = builder.objectRef<ShareChange>('DocumentShareChange').implement({
  tag: 'client',
  description: 'A document is shared with a client, or is no more.',
  fields: (t) => ({
    id: t.id({ tag: 'client', description: 'Of the document.', resolve: ({ documentId }) => documentId }),
    client: t.field({
      description: 'With whom; null for a client who is known no more.',
      type: ClientRef,
      nullable: true,
      resolve: ({ clientId }) => ({ id: clientId, linkKeys: [] }),
    }),
    document: t.field({
      tag: 'client',
      description: 'As the client sees it now; null when they do not any more.',
      type: SharedDocumentRef,
      nullable: true,
      resolve: (change, _args, context) =>
        findShared(context.platform, requireReader(context, 'document:read'), change),
    }),
    cursor: t.exposeString('cursor', { tag: 'client', description: 'Continues the subscription after this change.' }),
  }),
})

builder.subscriptionField('documentShareChanged', (t) =>
  t.field({
    tag: 'client',
    description:
      'Every document that is shared with a client, or is no more: live, after the cursor when there is one. A client hears of what is shared with them.',
    type: DocumentShareChangeRef,
    args: { after: t.arg.string({ description: 'A cursor of an earlier change; from now on unless told.' }) },
    subscribe: (_root, { after }, context) =>
      watchShares(context.platform, { viewer: requireReader(context, 'document:read'), after, signal: context.signal }),
    resolve: (change) => change,
  }),
)
