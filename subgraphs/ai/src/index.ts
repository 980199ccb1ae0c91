import { approvalQueue, workApprovals } from '@passerelle/platform/approvals/work'
import { rootTypes } from '@passerelle/platform/schema'
import type { Subgraph } from '@passerelle/platform/subgraph'
import { builder, createContext } from './builder.ts'
import './answer.graphql.ts'
import './approval-acts.graphql.ts'
import './approval-kind.graphql.ts'
import './ask.graphql.ts'
import './conversation.graphql.ts'
import { readAiEnv } from './env.ts'
import './hand-over-acts.graphql.ts'
import './job-acts.graphql.ts'
import { keepJobsFor } from './job-retention.ts'
import './model-acts.graphql.ts'
import './model-pull.graphql.ts'
import { pullsOf } from './model-pull.ts'
import './model-route.graphql.ts'
import './model.graphql.ts'
import './provider.graphql.ts'
import './queue.graphql.ts'
import { createJobConsumer } from './job.consumer.ts'
import { personalData } from './personal-data.ts'

export { createModelPolicy } from './model-policy.ts'

builder.queryType(rootTypes.query)
builder.mutationType(rootTypes.mutation)
builder.subscriptionType(rootTypes.subscription)

export const ai: Subgraph = {
  name: 'ai',
  schema: builder.toSubGraphSchema({}),
  migrations: { name: 'ai', folder: new URL('../migrations/', import.meta.url) },
  queues: [approvalQueue],
  personalData,
  createContext,
  async work(platform) {
    platform.facts.consume(createJobConsumer(platform))
    const ends = [await workApprovals(platform), keepJobsFor(readAiEnv().keepJobsDays, platform), pullsOf(platform)]
    return { stop: async () => void (await Promise.all(ends.map((one) => one.stop()))) }
  },
}
