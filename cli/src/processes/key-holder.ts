import type { Executor } from '@passerelle/gateway'
import { keyScopes, type KeyKind } from '@passerelle/platform/schema'
import { z } from 'zod'
import { createAskTenancy } from './ask-tenancy.ts'

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

const text =
  'query ($id: ID!, $hash: String!) { apiKeyHolder(id: $id, hash: $hash) { organizationId kind scopes networks validUntil } }'

const answer = z.object({
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

/** Asks tenancy who holds a key. */
export function createFindKeyHolder(tenancy: Executor): FindKeyHolder {
  const ask = createAskTenancy(tenancy, { text, answer })
  return async ({ id, hash, caller }) => (await ask({ id, hash }, caller)).apiKeyHolder
}
