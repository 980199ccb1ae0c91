import { createHash } from 'node:crypto'
import { buildClientSchema, getIntrospectionQuery, type IntrospectionQuery } from 'graphql'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTown } from '../testing/open-town.ts'
import { openTownGateway, viewer, type TownGateway } from '../testing/open-town-gateway.ts'

/** Of the town: no Company, no secrets, one member of two unions less. */
const partnerSdl = `
  type Query { viewer: User user(id: ID!): User find(first: Int): [Hit] party(id: ID!): Party }
  type Mutation { rename(id: ID!, name: String!): RenameResult! }
  type Subscription { userChanged(id: ID!): User! }
  interface Party { id: ID! name: String! }
  union RenameResult = NotFound
  union Hit = User | Parcel
  type NotFound { code: String! }
  type User implements Party { id: ID! name: String! parcels(first: Int): [Parcel!]! }
  type Parcel { id: ID! label: String! }
`

/** Of the town: what a client of somebody sees of themselves. */
const clientSdl = `
  type Query { viewer: User }
  type User { id: ID! name: String! parcels(first: Int): [Parcel!]! }
  type Parcel { id: ID! label: String! }
`

let town: TownGateway
const partner = { authorization: 'Bearer partner' }
const program = { authorization: 'Bearer program' }
const client = { authorization: 'Bearer client' }

beforeAll(async () => {
  town = await openTownGateway({ town: openTown(), contractSdls: { partner: partnerSdl, client: clientSdl } })
  const key = { ...viewer, userId: null, sessionId: null, keyId: 'key_1', roles: [] }
  town.tokens.set('program', { viewer: key, expiresAt: null })
  town.tokens.set('partner', { viewer: { ...key, keyId: 'key_2', roles: ['PARTNER'] }, expiresAt: null })
  const linked = { ...viewer, userId: null, sessionId: 'clk_1', clientId: 'cli_1', roles: [] }
  town.tokens.set('client', { viewer: linked, expiresAt: null })
})
afterAll(() => town.gateway.drain())

interface Answer<Data = Record<string, unknown>> {
  data?: Data | null
  errors?: { message: string; extensions: { code: string } }[]
}

async function ask<Data = Record<string, unknown>>(
  query: string,
  headers: Record<string, string> = partner,
): Promise<Answer<Data>> {
  return (await (await town.post({ query }, headers)).json()) as Answer<Data>
}

test('a partner is answered within the contract, across subgraphs', async () => {
  expect(await ask('{ viewer { name parcels(first: 1) { label } } }')).toMatchObject({
    data: { viewer: { name: 'User 1', parcels: [{ label: 'Parcel 6' }] } },
  })
})

test('what is outside of the contract is not there, and nothing near it is named', async () => {
  for (const [query, told] of [
    ['{ viewer { nick } }', 'Cannot query field "nick" on type "User".'],
    ['{ viewer { compan { id } } }', 'Cannot query field "compan" on type "User".'],
    ['{ user(id: "u1") { secre } }', 'Cannot query field "secre" on type "User".'],
    ['{ users { id } }', 'Cannot query field "users" on type "Query". Did you mean "user"?'],
    ['{ find { ... on Company { vat } } }', 'Unknown type "Company".'],
    ['query ($kind: Kind) { user(id: $kind) { id } }', 'Unknown type "Kind". Did you mean "ID" or "Int"?'],
    ['mutation { send(id: "p1") { __typename } }', 'Cannot query field "send" on type "Mutation".'],
  ] as const) {
    const { data, errors } = await ask(query)
    expect([query, data ?? null, errors?.map(({ message }) => message)]).toEqual([query, null, [told]])
  }
  expect(await ask('{ viewer { nick } }', program)).toMatchObject({ data: { viewer: {} } })
})

test('a client of the organisation is held to a contract of their own, narrower than any role or key', async () => {
  expect(await ask('{ viewer { name parcels(first: 1) { label } } }', client)).toMatchObject({
    data: { viewer: { name: 'User 1', parcels: [{ label: 'Parcel 6' }] } },
  })
  for (const query of [
    '{ user(id: "u1") { id } }',
    '{ viewer { nick } }',
    'mutation { rename(id: "u2", name: "Zoé") { __typename } }',
  ])
    expect([query, await ask(query, client)]).toEqual([
      query,
      {
        errors: [
          expect.objectContaining({ extensions: expect.objectContaining({ code: 'GRAPHQL_VALIDATION_FAILED' }) }),
        ],
      },
    ])
  const { data } = await ask<IntrospectionQuery>(getIntrospectionQuery(), client)
  expect(data?.__schema.mutationType).toBeNull()
})

test('a partner is told the schema of the contract, everybody else theirs', async () => {
  const typesOf = async (headers: Record<string, string>): Promise<string[]> => {
    const { data } = await ask<IntrospectionQuery>(getIntrospectionQuery(), headers)
    if (!data) throw new Error('No schema was told.')
    return Object.keys(buildClientSchema(data).getTypeMap())
  }
  expect(await typesOf(partner)).not.toContain('Company')
  expect(await typesOf(program)).toContain('Company')
  const { data } = await ask('{ __type(name: "Company") { name } user: __type(name: "User") { fields { name } } }')
  expect(data).toEqual({ __type: null, user: { fields: [{ name: 'id' }, { name: 'name' }, { name: 'parcels' }] } })
})

test('what would be answered with a type outside of the contract comes out as nothing, without its name', async () => {
  const { data } = await ask('{ find(first: 100) { __typename ... on User { name } } }')
  const names = new Set(((data?.find ?? []) as ({ __typename: string } | null)[]).map((hit) => hit?.__typename ?? null))
  expect(names).toEqual(new Set(['User', 'Parcel', null]))
  expect(await ask('{ party(id: "c1") { __typename id name } }')).toMatchObject({ data: { party: null } })
  expect(await ask('{ party(id: "u1") { __typename id name } }')).toMatchObject({
    data: { party: { __typename: 'User' } },
  })
  const renamed = await ask('mutation { rename(id: "u2", name: "Zoé") { __typename } }')
  expect(renamed.data).toBeNull()
  expect(JSON.stringify(renamed.errors)).not.toContain('User')
})

test('a document that somebody else has had kept under its hash is not there for a partner', async () => {
  const query = '{ viewer { nick } }'
  const hash = createHash('sha256').update(query).digest('hex')
  const extensions = { persistedQuery: { version: 1, sha256Hash: hash } }
  await town.post({ query, extensions }, program)
  expect(await (await town.post({ extensions }, program)).json()).toMatchObject({ data: { viewer: {} } })
  const response = (await (await town.post({ extensions }, partner)).json()) as Answer
  expect(response.errors?.[0]?.message).toBe('PersistedQueryNotFound')
})

test('a connection of a partner keeps to the contract, also for what it subscribes to', async () => {
  const client = town.connect(partner)
  const first = (query: string) =>
    new Promise<unknown>((resolve) => {
      client.subscribe({ query }, { next: resolve, error: resolve, complete: () => resolve(null) })
    })
  expect(await first('{ viewer { name } }')).toMatchObject({ data: { viewer: { name: 'User 1' } } })
  const refused = JSON.stringify(await first('subscription { userChanged(id: "u1") { name nick } }'))
  expect(refused).toContain('Cannot query field')
  expect(JSON.stringify(await first('subscription { parcelChanged { id } }'))).toContain('Cannot query field')
  await client.dispose()
})

test('a partner finds nothing at all where there is no contract', async () => {
  const bare = await openTownGateway({ town: openTown() })
  bare.tokens.set('partner', {
    viewer: { ...viewer, userId: null, sessionId: null, keyId: 'key_2', roles: ['PARTNER'] },
    expiresAt: null,
  })
  const response = await bare.post({ query: '{ viewer { name } }' }, partner)
  expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }] })
  await bare.gateway.drain()
})
