import type { CountRequests, Executor } from '@passerelle/gateway'
import { z } from 'zod'
import { createAskTenancy } from './ask-tenancy.ts'

const text = `mutation ($organizationId: ID!, $wanted: Int!, $done: Int!) {
  takeRequests(organizationId: $organizationId, wanted: $wanted, done: $done) { granted left limit used resetsAt } }`

const answer = z.object({
  takeRequests: z.object({
    granted: z.int(),
    left: z.number().nullable(),
    limit: z.number().nullable(),
    used: z.number(),
    resetsAt: z.coerce.date(),
  }),
})

/** Has tenancy count requests. Rejects with EngineUnavailable while it cannot. */
export function createCountRequests(tenancy: Executor): CountRequests {
  const ask = createAskTenancy(tenancy, { text, answer })
  return async (organizationId, amounts) => (await ask({ organizationId, ...amounts })).takeRequests
}
