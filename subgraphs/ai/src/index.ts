import type { Subgraph } from '@passerelle/platform/subgraph'
import { builder, createContext } from './builder.ts'
import './answer.graphql.ts'
import './ask.graphql.ts'
import './conversation.graphql.ts'
import './queue.graphql.ts'
import { createJobConsumer } from './job.consumer.ts'

builder.queryType({})
builder.mutationType({})
builder.subscriptionType({})

export const ai: Subgraph = {
  name: 'ai',
  schema: builder.toSubGraphSchema({}),
  migrations: { name: 'ai', folder: new URL('../migrations/', import.meta.url) },
  queues: [],
  createContext,
  work(platform) {
    platform.facts.consume(createJobConsumer(platform))
    return Promise.resolve({ stop: () => Promise.resolve() })
  },
}
