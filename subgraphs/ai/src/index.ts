import { approvalQueue, workApprovals } from '@passerelle/platform/approvals/work'
import { rootTypes } from '@passerelle/platform/schema'
import type { Subgraph } from '@passerelle/platform/subgraph'
import { builder, createContext } from './builder.ts'
import './conversations/answer.graphql.ts'
import './approvals/approval-acts.graphql.ts'
import './approvals/approval-kind.graphql.ts'
import './ask/ask.graphql.ts'
import './conversations/conversation.graphql.ts'
import { readAiEnv } from './env.ts'
import './hand-overs/hand-over-acts.graphql.ts'
import './jobs/job-acts.graphql.ts'
import { keepJobsFor } from './jobs/job-retention.ts'
import './models/model-acts.graphql.ts'
import './models/model-pull.graphql.ts'
import { pullsOf } from './models/model-pull.ts'
import './models/model-route.graphql.ts'
import './models/model.graphql.ts'
import './models/provider.graphql.ts'
import './queue/queue.graphql.ts'
import { createJobConsumer } from './jobs/job.consumer.ts'
import { personalData } from './personal-data.ts'

export { createModelPolicy } from './models/model-policy.ts'

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
