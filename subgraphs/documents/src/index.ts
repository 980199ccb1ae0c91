import { levels } from './usage/levels.ts'
import { rootTypes } from '@passerelle/platform/schema'
import type { Subgraph } from '@passerelle/platform/subgraph'
import { builder, createContext } from './builder.ts'
import './search/chunk.graphql.ts'
import './collections/collection.graphql.ts'
import './collections/collection-acts.graphql.ts'
import './document/document.graphql.ts'
import './mentions/mention.graphql.ts'
import './status/progress.graphql.ts'
import './records/record.graphql.ts'
import './search/search.graphql.ts'
import './shares/share-change.graphql.ts'
import './shares/share.graphql.ts'
import './uploads/upload.graphql.ts'
import { documentDeletion } from './document/document-deletion.ts'
import { routes } from './http.ts'
import { ingestionQueue, transcriptionQueue } from './ingestion/queue.ts'
import { reindex } from './ingestion/reindexing.ts'
import { personalData } from './personal/personal-data.ts'
import { startWork } from './work.ts'

builder.queryType(rootTypes.query)
builder.mutationType(rootTypes.mutation)
builder.subscriptionType(rootTypes.subscription)

export const documents: Subgraph = {
  name: 'documents',
  schema: builder.toSubGraphSchema({}),
  migrations: { name: 'documents', folder: new URL('../migrations/', import.meta.url) },
  queues: [ingestionQueue, transcriptionQueue],
  heldBlobs: 'select organization_id, hash from documents.document where hash is not null and same_as is null',
  passingBlobs: 'select organization_id, hash from documents.arrival',
  levels,
  approvalKinds: [documentDeletion],
  reindex,
  personalData,
  createContext,
  routes,
  work: startWork,
}
