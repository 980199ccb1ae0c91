import { createApiClient, type ApiClient } from '../client.ts'

/** A key that somebody has made, and a client that asks with it. */
export interface MadeKey {
  id: string
  token: string
  client: ApiClient
}

/** Makes a key with all the scopes that its maker can give, unless told otherwise. */
export async function makeKey(
  maker: ApiClient,
  { url, kind, ...change }: { url: string; kind: 'INTERNAL' | 'PARTNER'; scopes?: string[]; networks?: string[] },
): Promise<MadeKey> {
  const { scopes } = await maker.ask<{ scopes: string[] }>(
    'query ($kind: ApiKeyKind!) { scopes: apiKeyScopes(kind: $kind) }',
    { kind },
  )
  const { createApiKey } = await maker.ask<{ createApiKey: { token: string; apiKey: { id: string } } }>(
    `mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { ... on NewApiKey { token apiKey { id } } } }`,
    { input: { name: 'Programme', kind, scopes, ...change } },
  )
  const { token, apiKey } = createApiKey
  return { id: apiKey.id, token, client: createApiClient(url, token) }
}
