import { createHash } from 'node:crypto'
import { afterEach, expect, test } from 'vitest'
import type { Client } from 'graphql-ws'
import type { Route } from '@passerelle/platform/subgraph'
import { openTownGateway, viewer, type TownGateway } from '../testing/open-town-gateway.ts'
import { toTrustedDocuments, type EntryOptions } from './entry.ts'

const text = 'query Mine { viewer { id __typename } }'
const documentId = `sha256:${createHash('sha256').update(text).digest('hex')}`
const trustedDocuments = toTrustedDocuments([text, 'subscription Changes { userChanged(id: "u2") { id } }'])
const session = { authorization: 'Bearer good' }
const key = { authorization: 'Bearer key' }
const closing: (() => unknown)[] = []

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

async function opened(entry: EntryOptions): Promise<TownGateway> {
  const town = await openTownGateway({ entry })
  closing.push(() => town.gateway.drain())
  town.tokens.set('key', {
    viewer: { ...viewer, userId: null, sessionId: null, keyId: 'key_1', roles: ['ADMIN'] },
    expiresAt: null,
  })
  return town
}

interface Answer {
  data?: unknown
  errors?: { message: string; extensions: Record<string, unknown> }[]
  extensions?: { cost: Record<string, unknown> }
}

const codeOf = async (response: Response): Promise<unknown> => {
  const { errors, data } = (await response.json()) as Answer
  return errors?.[0]?.extensions.code ?? (data ? 'answered' : 'nothing')
}

/** What a query over WebSocket is answered with, or the code that it is refused with. */
async function askSocket(client: Client, payload: { query: string; extensions?: Record<string, unknown> }) {
  closing.push(() => client.dispose())
  return new Promise<unknown>((resolve) => {
    client.subscribe(payload, {
      next: (answer) => resolve(answer.errors?.[0]?.extensions?.code ?? 'answered'),
      error: (errors) => resolve((errors as { extensions: { code: string } }[])[0]?.extensions.code),
      complete: () => resolve('complete'),
    })
  })
}

test('with a session, or without a token, answers the documents of the application and no others', async () => {
  const town = await opened({ policy: { explorer: 'off', introspection: 'members' }, trustedDocuments })
  for (const headers of [session, {}]) {
    expect(await codeOf(await town.post({ documentId }, headers))).toBe('answered')
    expect(await codeOf(await town.post({ query: text }, headers))).toBe('answered')
    const short = { documentId: documentId.slice(0, 'sha256:'.length + 16) }
    expect(await codeOf(await town.post(short, headers))).toBe('answered')
    const persistedQuery = { version: 1, sha256Hash: documentId.replace('sha256:', '') }
    expect(await codeOf(await town.post({ extensions: { persistedQuery } }, headers))).toBe('answered')
    const refused = await town.post({ query: '{ viewer { id } }' }, headers)
    expect(refused.status).toBe(403)
    expect(await codeOf(refused)).toBe('DOCUMENT_NOT_TRUSTED')
    expect(await codeOf(await town.post({ documentId: 'sha256:0' }, headers))).toBe('DOCUMENT_NOT_TRUSTED')
  }
  const extensions = { persistedQuery: { version: 1, sha256Hash: documentId.replace('sha256:', '') } }
  expect(await askSocket(town.connect(session), { query: '', extensions })).toBe('answered')
  expect(await askSocket(town.connect(session), { query: '{ viewer { id } }' })).toBe('DOCUMENT_NOT_TRUSTED')
})

test('keeps no text for a hash that a session sends with it where it may not ask freely', async () => {
  const town = await opened({ policy: { explorer: 'off', introspection: 'members' }, trustedDocuments })
  const query = '{ viewer { name } }'
  const extensions = { persistedQuery: { version: 1, sha256Hash: createHash('sha256').update(query).digest('hex') } }
  expect(await codeOf(await town.post({ query, extensions }, session))).toBe('DOCUMENT_NOT_TRUSTED')
  expect(await codeOf(await town.post({ extensions }, key))).toBe('PERSISTED_QUERY_NOT_FOUND')
})

test('an API key asks what it likes', async () => {
  const town = await opened({ policy: { explorer: 'off', introspection: 'members' }, trustedDocuments })
  expect(await codeOf(await town.post({ query: '{ viewer { id } }' }, key))).toBe('answered')
  expect(await codeOf(await town.post({ query: '{ __schema { types { name } } }' }, key))).toBe('answered')
})

test('the explorer may be open for some organisations', async () => {
  const town = await opened({
    policy: { explorer: { only: new Set([viewer.organizationId]) }, introspection: 'members' },
    trustedDocuments,
  })
  town.tokens.set('other', { viewer: { ...viewer, organizationId: 'org_2' }, expiresAt: null })
  expect(await codeOf(await town.post({ query: '{ viewer { id } }' }, session))).toBe('answered')
  const other = { authorization: 'Bearer other' }
  expect(await codeOf(await town.post({ query: '{ viewer { id } }' }, other))).toBe('DOCUMENT_NOT_TRUSTED')
  expect(await codeOf(await town.post({ query: '{ viewer { id } }' }))).toBe('DOCUMENT_NOT_TRUSTED')
})

test.each([
  { introspection: 'members', nobody: 'INTROSPECTION_OFF', person: 'answered', program: 'answered' },
  { introspection: 'on', nobody: 'answered', person: 'answered', program: 'answered' },
  { introspection: 'off', nobody: 'INTROSPECTION_OFF', person: 'INTROSPECTION_OFF', program: 'INTROSPECTION_OFF' },
] as const)('tells the schema to whom the policy "$introspection" says', async (expected) => {
  const town = await opened({ policy: { explorer: 'on', introspection: expected.introspection } })
  const asked = { query: '{ __schema { queryType { name } } }' }
  expect(await codeOf(await town.post(asked))).toBe(expected.nobody)
  expect(await codeOf(await town.post(asked, session))).toBe(expected.person)
  expect(await codeOf(await town.post(asked, key))).toBe(expected.program)
  expect(await askSocket(town.connect(), asked)).toBe(expected.nobody)
})

test('tells names that were nearly met to those alone who may ask for the schema', async () => {
  const town = await opened({ policy: { explorer: 'on', introspection: 'members' } })
  for (const [query, variables] of [
    ['{ viewer { nam } }', {}],
    ['{ viewers { id } }', {}],
    ['query ($r: Rol) { viewer { id } }', {}],
  ] as const) {
    const told = await (await town.post({ query, variables }, session)).text()
    expect(told).toContain('Did you mean')
    const hidden = await (await town.post({ query, variables })).text()
    expect(hidden).toContain('GRAPHQL_VALIDATION_FAILED')
    expect(hidden).not.toContain('Did you mean')
  }
})

test('a GET asks queries alone, and says that it comes from no page of another site', async () => {
  const town = await opened({})
  const get = (query: string, headers: Record<string, string> = { 'apollo-require-preflight': '1' }) =>
    fetch(`${town.gateway.url}/graphql?query=${encodeURIComponent(query)}`, { headers })
  expect(await codeOf(await get('{ viewer { id } }'))).toBe('answered')
  expect((await get('{ viewer { id } }', {})).status).toBe(400)
  const write = await get('mutation { rename(id: "u1", name: "X") { __typename } }')
  expect(write.status).toBe(405)
  expect(write.headers.get('allow')).toBe('GET, POST')
  expect(town.records.users.get('u1')?.name).toBe('User 1')
  expect((await fetch(`${town.gateway.url}/graphql`, { method: 'PUT' })).status).toBe(405)
})

const rules = { windowSeconds: 60, organization: null, key: 100, client: 20, address: null, anonymous: 200 }

/** A store for one process. */
function createStore() {
  const spent = new Map<string, number>()
  return {
    async limit(organizationId: string, name: string, { limit, cost = 1 }: { limit: number; cost?: number }) {
      const used = spent.get(organizationId + name) ?? 0
      const allowed = used + cost <= limit
      if (allowed) spent.set(organizationId + name, used + cost)
      return {
        allowed,
        remaining: limit - used - (allowed ? cost : 0),
        resetsAt: new Date(Date.now() + 30_000),
      }
    },
  }
}

test('says what an operation costs and what is left, in the answer and its headers', async () => {
  const town = await opened({ rates: { rules, coordination: createStore() } })
  const response = await town.post({ query: '{ users(first: 9) { id } }' }, session)
  expect(await response.json()).toMatchObject({
    data: {},
    extensions: { cost: { requested: 10, limit: 100, remaining: 90, resetsAt: expect.stringMatching(/^\d{4}-/) } },
  })
  expect(Object.fromEntries(response.headers)).toMatchObject({
    'ratelimit-limit': '100',
    'ratelimit-remaining': '90',
    'ratelimit-reset': '30',
    'ratelimit-policy': '100;w=60',
  })
})

test('a header gives nobody an allowance of their own, unless a proxy that is believed has written it', async () => {
  const rates = { rules: { ...rules, anonymous: 15 }, coordination: createStore() }
  const ask = async (town: TownGateway, caller: string): Promise<number> =>
    (await town.post({ query: '{ users(first: 9) { id } }' }, { 'x-forwarded-for': caller })).status
  const alone = await opened({ rates, proxies: ['192.0.2.1/32'] })
  expect([await ask(alone, '203.0.113.1'), await ask(alone, '203.0.113.2')]).toEqual([200, 429])
  const behind = await opened({ rates, proxies: ['127.0.0.0/8'] })
  expect([await ask(behind, '203.0.113.1'), await ask(behind, '203.0.113.2')]).toEqual([200, 200])
  expect(await ask(behind, '203.0.113.1')).toBe(429)
})

test('refuses who has spent too much, on either door, and says when to come back', async () => {
  const town = await opened({ rates: { rules, coordination: createStore() } })
  expect((await town.post({ query: '{ users(first: 98) { id } }' }, session)).status).toBe(200)
  const refused = await town.post({ query: '{ users(first: 9) { id } }' }, session)
  expect(refused.status).toBe(429)
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
  expect(refused.headers.get('ratelimit-remaining')).toBe('1')
  const { errors } = (await refused.json()) as Answer
  expect(errors?.[0]?.extensions).toMatchObject({
    code: 'RATE_LIMITED',
    limitedBy: 'session',
    retryAfter: 30,
    cost: { requested: 10, remaining: 1 },
    requestId: refused.headers.get('x-request-id'),
  })
  expect(await askSocket(town.connect(session), { query: '{ users(first: 9) { id } }' })).toBe('RATE_LIMITED')
  expect(await codeOf(await town.post({ query: '{ users(first: 9) { id } }' }))).toBe('answered')
  expect(await codeOf(await town.post({ query: '{ viewer { id } }' }, key))).toBe('answered')
})

test('guessing tokens and sending what is refused costs points, too', async () => {
  const town = await opened({ rates: { rules, coordination: createStore() } })
  const guess = () => town.post({ query: text }, { authorization: 'Bearer guess' })
  expect([(await guess()).status, (await guess()).status, (await guess()).status]).toEqual([401, 401, 429])
  const wrong = () => town.post({ query: '{ nothing }' }, session).then(codeOf)
  const answers = []
  for (let n = 0; n < 11; n++) answers.push(await wrong())
  expect(answers.slice(0, 10)).toEqual(Array(10).fill('GRAPHQL_VALIDATION_FAILED'))
  expect(answers[10]).toBe('RATE_LIMITED')
})

test('what carries its own right, such as a signed link, counts against its address', async () => {
  const files: Route = { method: 'GET', prefix: '/files', handle: async (_, response) => void response.end('file') }
  const town = await openTownGateway({
    routes: [files],
    entry: { rates: { rules: { ...rules, key: null, address: 2 }, coordination: createStore() } },
  })
  closing.push(() => town.gateway.drain())
  const get = () => fetch(`${town.gateway.url}/files/a`)
  expect([(await get()).status, (await get()).status]).toEqual([200, 200])
  const refused = await get()
  expect(refused.status).toBe(429)
  expect(refused.headers.get('retry-after')).toBe('30')
  expect(await codeOf(refused)).toBe('RATE_LIMITED')
})

test('what cannot be read costs points as what is refused does, which says so', async () => {
  const town = await opened({ rates: { rules: { ...rules, key: 50 }, coordination: createStore() } })
  const remaining = async (body: unknown, headers = {}): Promise<unknown[]> => {
    const response = await town.post(body, { ...session, ...headers })
    const { errors } = (await response.json()) as Answer
    const { code, cost } = errors?.[0]?.extensions ?? {}
    return [code, (cost as { remaining: number } | undefined)?.remaining, response.headers.get('ratelimit-remaining')]
  }
  expect(await remaining({ query: '{ nothing }' })).toEqual(['GRAPHQL_VALIDATION_FAILED', 40, '40'])
  expect(await remaining([{ query: '{ viewer { id } }' }])).toEqual(['BAD_REQUEST', 30, '30'])
  expect(await remaining('{')).toEqual(['BAD_REQUEST', undefined, null])
  expect(await remaining('{}', { 'content-encoding': 'gzip' })).toEqual(['UNSUPPORTED_MEDIA_TYPE', undefined, null])
  expect(await remaining({ query: 'query A { viewer { id } }', operationName: 'B' })).toEqual([
    'OPERATION_RESOLUTION_FAILURE',
    0,
    '0',
  ])
})
