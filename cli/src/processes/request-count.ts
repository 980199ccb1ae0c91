import type { CountRequests, Executor } from '@passerelle/gateway'
import { newId } from '@passerelle/platform/ids'
import { EngineUnavailable } from '@passerelle/platform/schema'
import { parse, print } from 'graphql'
import { z } from 'zod'

const document = parse(
  `mutation ($organizationId: ID!, $wanted: Int!, $done: Int!) {
    takeRequests(organizationId: $organizationId, wanted: $wanted, done: $done) { granted left limit used resetsAt } }`,
)
const query = print(document)

const answered = z.object({
  takeRequests: z.object({
    granted: z.int(),
    left: z.number().nullable(),
    limit: z.number().nullable(),
    used: z.number(),
    resetsAt: z.coerce.date(),
  }),
})

const patienceMs = 10_000

/** Has tenancy count, in this process or in another: the gateway has no tables. The field is no part of the API. */
export function createCountRequests(tenancy: Executor): CountRequests {
  return async (organizationId, amounts) => {
    const parsed = answered.safeParse(await ask(tenancy, { organizationId, ...amounts }))
    if (!parsed.success) throw new EngineUnavailable('tenancy')
    return parsed.data.takeRequests
  }
}

async function ask(tenancy: Executor, variables: Record<string, unknown>): Promise<unknown> {
  const request = {
    subgraph: 'tenancy',
    kind: 'mutation' as const,
    query,
    document,
    operationName: undefined,
    variables,
    viewer: null,
    requestId: newId('req'),
    caller: undefined,
    signal: AbortSignal.timeout(patienceMs),
  }
  try {
    const answer = await tenancy(request)
    return Symbol.asyncIterator in answer ? null : answer.data
  } catch (error) {
    throw new EngineUnavailable('tenancy', error)
  }
}
