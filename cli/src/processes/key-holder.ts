import type { Executor } from '@passerelle/gateway'
import { newId } from '@passerelle/platform/ids'
import { EngineUnavailable, keyScopes, type KeyKind } from '@passerelle/platform/schema'
import { parse, print } from 'graphql'
import { z } from 'zod'

/** Whom a key speaks for, as tenancy knows it at this moment. */
export interface KeyHolder {
  organizationId: string
  kind: KeyKind
  scopes: string[]
  networks: string[]
  validUntil: Date
}

/** Null when nobody holds it. Rejects with EngineUnavailable while that cannot be found out. */
export type FindKeyHolder = (key: { id: string; hash: string; caller: string | undefined }) => Promise<KeyHolder | null>

const document = parse(
  'query ($id: ID!, $hash: String!) { apiKeyHolder(id: $id, hash: $hash) { organizationId kind scopes networks validUntil } }',
)
const query = print(document)

const answered = z.object({
  apiKeyHolder: z
    .object({
      organizationId: z.string(),
      kind: z.enum(Object.keys(keyScopes) as KeyKind[]),
      scopes: z.array(z.string()),
      networks: z.array(z.string()),
      validUntil: z.coerce.date(),
    })
    .nullable(),
})

const patienceMs = 10_000

/**
 * Asks tenancy, in this process or in another: the gateway has no tables. The field is no part of the API, and tenancy answers it only where no viewer asks.
 */
export function createFindKeyHolder(tenancy: Executor): FindKeyHolder {
  return async ({ id, hash, caller }) => {
    const answer = await ask(tenancy, { id, hash }, caller)
    const parsed = answered.safeParse(answer)
    if (!parsed.success) throw new EngineUnavailable('tenancy')
    return parsed.data.apiKeyHolder
  }
}

async function ask(
  tenancy: Executor,
  variables: Record<string, unknown>,
  caller: string | undefined,
): Promise<unknown> {
  const request = {
    subgraph: 'tenancy',
    kind: 'query' as const,
    query,
    document,
    operationName: undefined,
    variables,
    viewer: null,
    requestId: newId('req'),
    caller,
    signal: AbortSignal.timeout(patienceMs),
  }
  try {
    const answer = await tenancy(request)
    // A null that stands beside an error is no answer.
    return Symbol.asyncIterator in answer || answer.errors ? null : answer.data
  } catch (error) {
    throw new EngineUnavailable('tenancy', error)
  }
}
