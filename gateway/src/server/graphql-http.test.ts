import { createHash } from 'node:crypto'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { openTown } from '../testing/open-town.ts'
import { openTownGateway, viewer, type TownGateway } from '../testing/open-town-gateway.ts'

let town: TownGateway

beforeAll(async () => {
  town = await openTownGateway()
})

afterAll(() => town.gateway.drain())

test('answers a query across subgraphs for a request without a token, with a request id', async () => {
  const response = await town.post({ query: '{ viewer { name parcels { label } } }' })
  expect(response.status).toBe(200)
  expect(response.headers.get('x-request-id')).toMatch(/^req_[0-9a-f]{32}$/)
  expect(await response.json()).toMatchObject({
    data: { viewer: { name: 'User 1', parcels: [{ label: 'Parcel 6' }] } },
  })
  expect(town.requests.at(-1)?.viewer).toBeNull()
})

test('hands the viewer of a token to every subgraph', async () => {
  town.requests.length = 0
  await town.post({ query: '{ viewer { name parcels { label } } }' }, { authorization: 'Bearer good' })
  expect(town.requests.map((request) => request.viewer)).toEqual([viewer, viewer])
})

test.each(['Bearer wrong', 'Basic good', 'good'])(
  'refuses the token "%s" with 401 rather than treating the request as anonymous',
  async (authorization) => {
    const response = await town.post({ query: '{ __typename }' }, { authorization })
    expect(response.status).toBe(401)
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] })
  },
)

test.each([
  ['a body that is not JSON', '{', {}, 400, 'BAD_REQUEST'],
  ['a batch', '[{"query":"{ __typename }"}]', {}, 400, 'BAD_REQUEST'],
  ['no query', '{"variables":{}}', {}, 400, 'BAD_REQUEST'],
  [
    'a form',
    'query={__typename}',
    { 'content-type': 'application/x-www-form-urlencoded' },
    415,
    'UNSUPPORTED_MEDIA_TYPE',
  ],
  ['a compressed body', '{}', { 'content-encoding': 'gzip' }, 415, 'UNSUPPORTED_MEDIA_TYPE'],
  ['a syntax error', '{"query":"{"}', {}, 400, 'GRAPHQL_PARSE_FAILED'],
  ['an unknown field', '{"query":"{ nothing }"}', {}, 400, 'GRAPHQL_VALIDATION_FAILED'],
  [
    'an unknown operation',
    '{"query":"query A { __typename }","operationName":"B"}',
    {},
    400,
    'OPERATION_RESOLUTION_FAILURE',
  ],
  ['a bad variable', '{"query":"query($id: ID!) { user(id: $id) { id } }"}', {}, 400, 'BAD_USER_INPUT'],
  ['a page beyond the maximum', JSON.stringify({ query: '{ users(first: 301) { id } }' }), {}, 400, 'BAD_USER_INPUT'],
  [
    'too large an operation',
    JSON.stringify({ query: `{ ${'viewer { id } '.repeat(999)} }` }),
    {},
    400,
    'OPERATION_TOO_LARGE',
  ],
  ['a subscription', '{"query":"subscription { userChanged(id: 1) { id } }"}', {}, 400, 'BAD_USER_INPUT'],
])('answers %s with one JSON refusal', async (_, body, headers, status, code) => {
  const response = await town.post(body, headers)
  expect(response.headers.get('content-type')).toMatch(/^application\/json/)
  expect(await response.json()).toMatchObject({ errors: [{ extensions: { code } }] })
  expect(response.status).toBe(status)
})

test('counts a body in bytes, not in characters', async () => {
  const query = `{ __typename } # ${'é'.repeat(600_000)}`
  const response = await town.post({ query })
  expect(response.status).toBe(413)
  expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'PAYLOAD_TOO_LARGE' } }] })
})

test('learns a persisted query and answers its hash afterwards', async () => {
  const query = '{ viewer { id } }'
  const extensions = { persistedQuery: { version: 1, sha256Hash: createHash('sha256').update(query).digest('hex') } }
  const unknown = await town.post({ extensions })
  expect(await unknown.json()).toMatchObject({ errors: [{ extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } }] })
  await town.post({ query, extensions })
  expect(await (await town.post({ extensions })).json()).toMatchObject({ data: { viewer: { id: 'u1' } } })
})

test('lets no page of another site send a query without a preflight', async () => {
  const response = await fetch(`${town.gateway.url}/graphql?query=%7B__typename%7D`)
  expect(response.status).toBe(400)
})

test('says which request a hidden failure belongs to, and nothing else about it', async () => {
  const response = await town.post({ query: '{ viewer { secret } }' })
  const text = await response.text()
  expect(text).not.toContain('hunter2')
  expect(JSON.parse(text).errors[0].extensions).toEqual({
    code: 'INTERNAL_SERVER_ERROR',
    requestId: response.headers.get('x-request-id'),
  })
})

test('tells subgraphs when the client has gone', async () => {
  const { promise: hanging } = Promise.withResolvers<never>()
  const other = await openTownGateway({ town: openTown({ executors: { people: () => hanging } }) })
  const client = new AbortController()
  const answer = fetch(`${other.gateway.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: '{ viewer { id } }' }),
    signal: client.signal,
  })
  await vi.waitUntil(() => other.requests.length === 1)
  client.abort()
  await expect(answer).rejects.toThrow('aborted')
  await expect.poll(() => other.requests[0]?.signal.aborted).toBe(true)
  await other.gateway.drain()
})
