import { rootTypes } from '@passerelle/platform/schema'
import type { Subgraph } from '@passerelle/platform/subgraph'
import { builder, createContext } from './builder.ts'
import './co-mention.graphql.ts'
import './document.graphql.ts'
import './entity.graphql.ts'
import './export/export.graphql.ts'
import './neighbour.graphql.ts'
import './record.graphql.ts'
import './statistics.graphql.ts'
import './timeline.graphql.ts'
import './walk.graphql.ts'
import './working-memory.graphql.ts'
import { personalData } from './personal-data.ts'
import { routes } from './export/export.http.ts'

builder.queryType(rootTypes.query)
builder.mutationType(rootTypes.mutation)

export const memory: Subgraph = {
  name: 'memory',
  schema: builder.toSubGraphSchema({}),
  migrations: { name: 'memory', folder: new URL('../migrations/', import.meta.url) },
  queues: [],
  personalData,
  createContext,
  routes,
}
