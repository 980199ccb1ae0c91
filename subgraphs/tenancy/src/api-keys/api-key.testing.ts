import { openApiKeys } from '@passerelle/platform/identity/api-keys'
import type { Viewer } from '@passerelle/platform/schema'
import { findHolder, type Holder } from './api-key.holder.ts'
import type { TestTenancy } from '../tenancy.testing.ts'

/** What making or rotating a key answers. */
export interface Made {
  __typename: string
  path?: string[]
  code?: string
  token: string
  apiKey: Key
}
/** A key as its list shows it. */
export interface Key {
  id: string
  state: string
  heldScopes: string[]
  expiresAt: string
  lastUsedAt: string | null
  lastUsedNetwork: string | null
  maker: { id: string } | null
}

const keyFields =
  'id name start kind scopes heldScopes networks state expiresAt lastUsedAt lastUsedNetwork previousValidUntil maker { id }'
const made = `__typename ... on Refusal { code } ... on InvalidInput { path } ... on NewApiKey { token apiKey { ${keyFields} } }`

/** What most tests do with keys. */
export function useKeys(town: TestTenancy) {
  const signUp = async (): Promise<Viewer> => town.viewerOf(await town.signUp())

  async function create(viewer: Viewer, change: Record<string, unknown> = {}): Promise<Made> {
    const input = { name: 'Entrepôt', kind: 'INTERNAL', scopes: ['document:read', 'record:write'], ...change }
    const text = `mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { ${made} } }`
    return (await town.client.data<{ createApiKey: Made }>(viewer, text, { input })).createApiKey
  }

  async function rotate(viewer: Viewer, id: string, graceDays: number | null): Promise<Made> {
    const text = `mutation ($id: ID!, $graceDays: Int) { rotateApiKey(id: $id, graceDays: $graceDays) { ${made} } }`
    return (await town.client.data<{ rotateApiKey: Made }>(viewer, text, { id, graceDays })).rotateApiKey
  }

  async function revoke(viewer: Viewer, id: string): Promise<{ __typename: string; state?: string }> {
    const text = `mutation ($id: ID!) { revokeApiKey(id: $id) { __typename ... on ApiKey { state } } }`
    return (await town.client.data<{ revokeApiKey: { __typename: string } }>(viewer, text, { id })).revokeApiKey
  }

  async function list(viewer: Viewer, states: string[] | null = null): Promise<Key[]> {
    const text = `query ($states: [ApiKeyState!]) { apiKeys(states: $states) { nodes { ${keyFields} } } }`
    return (await town.client.data<{ apiKeys: { nodes: Key[] } }>(viewer, text, { states })).apiKeys.nodes
  }

  async function holderOf(token: string, caller?: string): Promise<Holder | null> {
    const read = openApiKeys(town.platform.keys).read(token)
    return read && findHolder(town.platform, { ...read, caller })
  }

  async function withRoles(viewer: Viewer, roles: string): Promise<void> {
    await town.platform.database.asOwner(`update tenancy.member set roles = $2 where user_id = $1`, [
      viewer.userId,
      roles,
    ])
  }
  return { signUp, create, rotate, revoke, list, holderOf, withRoles }
}
