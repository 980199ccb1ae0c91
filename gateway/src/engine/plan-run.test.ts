import { GraphQLError, assertObjectType, getIntrospectionQuery, parse, printType, type ExecutionResult } from 'graphql'
import { expect, test, vi } from 'vitest'
import { EngineUnavailable } from '@passerelle/platform/schema'
import { openTown } from '../testing/open-town.ts'
import { createTopic } from '../testing/topic.ts'
import type { SubgraphRequest } from './subgraph-request.ts'

const asked = (requests: readonly SubgraphRequest[]) => requests.map(({ subgraph }) => subgraph)

test('asks for an entity once, however often it stands in the answer, and in one request', async () => {
  const { ask, requests } = openTown()
  await ask('{ users { boss { parcels { label } } parcels(first: 1) { id } } }')
  expect(asked(requests)).toEqual(['people', 'parcels'])
  const [bosses, everybody] = Object.values(requests[1]?.variables ?? {}) as { id: string }[][]
  const ids = [bosses, everybody].map((part) => part?.map(({ id }) => id).toSorted())
  expect(ids.toSorted((left, right) => (left?.length ?? 0) - (right?.length ?? 0))).toEqual([
    ['u1', 'u2', 'u3'],
    ['u1', 'u2', 'u3', 'u4', 'u5', 'u6'],
  ])
})

test('brings what another subgraph requires, though clients cannot see it', async () => {
  const { ask, engine, requests } = openTown()
  expect(await ask('{ user(id: "u2") { documents { nodes { title } } } }')).toEqual({
    data: { user: { documents: { nodes: [{ title: 'Document 2' }] } } },
  })
  expect(requests[1]?.variables).toEqual({
    representations: [{ __typename: 'User', linkKeys: ['USER:2', 'EVEN:0'], id: 'u2' }],
  })
  expect(printType(assertObjectType(engine.apiSchema.getType('User')))).not.toContain('linkKeys')
})

test('gives an error the place, in the names of the client, of every entity it concerns', async () => {
  const { ask } = openTown()
  const result = await ask(
    '{ a: user(id: "u3") { mine: favourite { seal: sealed } } users { favourite { seal: sealed } } }',
  )
  expect(result.errors?.map(({ path, message }) => [path, message]).toSorted()).toEqual([
    [['a', 'mine', 'seal'], 'The seal is broken.'],
    [['users', 2, 'favourite', 'seal'], 'The seal is broken.'],
  ])
  expect(result.data).toMatchObject({
    a: { mine: null },
    users: { 1: { favourite: { seal: 'sealed' } }, 2: { favourite: null } },
  })
})

test('costs no more than its own fields when a subgraph is away', async () => {
  const { ask, failures } = openTown({
    executors: {
      parcels: () => {
        throw new Error('connect ECONNREFUSED 10.0.0.7:5432')
      },
    },
  })
  const result = await ask('{ users(first: 2) { name favourite { label } documents { total } } }')
  expect(result.data).toEqual({
    users: [
      { name: 'User 1', favourite: null, documents: { total: 1 } },
      { name: 'User 2', favourite: null, documents: { total: 1 } },
    ],
  })
  expect(JSON.stringify(result.errors)).not.toContain('10.0.0.7')
  expect(result.errors).toMatchObject([
    { path: ['users', 0], extensions: { code: 'INTERNAL_SERVER_ERROR', requestId: 'req_1' } },
  ])
  expect(failures).toMatchObject([
    { subgraph: 'parcels', requestId: 'req_1', error: { message: 'connect ECONNREFUSED 10.0.0.7:5432' } },
  ])
})

test('tells which engine is away, and hides every other reason', async () => {
  const down = openTown({
    executors: {
      papers: () => {
        throw new EngineUnavailable('vectors', new Error('10.0.0.7'))
      },
    },
  })
  const { errors } = await down.ask('{ documents { title } }')
  expect(errors?.map((error) => error.toJSON())).toMatchObject([
    { extensions: { code: 'ENGINE_UNAVAILABLE', engine: 'vectors' } },
  ])
  expect(down.failures).toEqual([])
  const { ask, failures } = openTown()
  const hidden = await ask('{ viewer { secret forbidden } }')
  expect(hidden.data).toEqual({ viewer: { secret: null, forbidden: null } })
  expect(hidden.errors?.map(({ extensions }) => extensions.code)).toEqual(['INTERNAL_SERVER_ERROR', 'FORBIDDEN'])
  expect(JSON.stringify(hidden.errors)).not.toContain('hunter2')
  expect(failures).toHaveLength(1)
})

test('passes on errors that came over a wire as JSON by the same rules', async () => {
  const { ask } = openTown({
    executors: {
      parcels: async () =>
        JSON.parse(
          '{"data":{"parcel":null},"errors":[{"message":"at secret.js:1","path":["parcel"],"extensions":{"code":"X"}},{"message":"No.","path":["parcel"],"extensions":{"code":"FORBIDDEN","request":"query{…}"}}]}',
        ),
    },
  })
  const { errors } = await ask('{ parcel(id: "p1") { label } }')
  expect(errors?.map((error) => error.toJSON())).toEqual([
    expect.objectContaining({ extensions: { code: 'INTERNAL_SERVER_ERROR', requestId: 'req_1' } }),
    { message: 'No.', path: ['parcel'], extensions: { code: 'FORBIDDEN' } },
  ])
})

test('answers null without an error for a reference to what is gone', async () => {
  const { ask } = openTown({
    executors: {
      parcels: async ({ variables }) => ({
        data: { _entities: (variables.representations as unknown[]).map(() => null) },
      }),
    },
  })
  expect(await ask('{ document(id: "d1") { title about { ... on Parcel { label } } } }')).toEqual({
    data: { document: { title: 'Document 1', about: null } },
  })
})

test('asks nobody for a client that went while the plan was made, and leaves no failure that nobody waits for', async () => {
  const { engine, requests } = openTown()
  const unheard: unknown[] = []
  const hear = (error: unknown) => unheard.push(error)
  process.on('unhandledRejection', hear)
  const reason = new Error('gone')
  const operation = { document: parse('{ viewer { name } }'), viewer: null, requestId: 'req_1' }
  await expect(engine.execute({ ...operation, signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
  await new Promise((resolve) => setImmediate(resolve))
  process.off('unhandledRejection', hear)
  expect(unheard).toEqual([])
  expect(requests).toEqual([])
})

test('gives up at once when the signal aborts, tells the subgraph, and asks no other', async () => {
  const { promise: hanging } = Promise.withResolvers<never>()
  const { engine, requests } = openTown({ executors: { people: () => hanging } })
  const controller = new AbortController()
  const reason = new GraphQLError('too slow')
  const answer = engine.execute({
    document: parse('{ viewer { parcels { label } } }'),
    viewer: null,
    requestId: 'req_1',
    signal: controller.signal,
  })
  await vi.waitUntil(() => requests.length === 1)
  controller.abort(reason)
  await expect(answer).rejects.toBe(reason)
  expect(requests[0]?.signal.aborted).toBe(true)
  expect(asked(requests)).toEqual(['people'])
})

test('runs the mutations of one operation one after the other, across subgraphs', async () => {
  const { ask, requests } = openTown()
  const result = await ask(`mutation {
    first: rename(id: "u1", name: "A") { ... on User { name parcels { label } } }
    send(id: "p9") { __typename ... on Refusal { code } }
    second: rename(id: "u1", name: "B") { ... on User { name } }
  }`)
  expect(result).toEqual({
    data: {
      first: { name: 'A', parcels: [{ label: 'Parcel 6' }] },
      send: { __typename: 'NotFound', code: 'NOT_FOUND' },
      second: { name: 'B' },
    },
  })
  expect(requests.filter(({ kind }) => kind === 'mutation').map(({ subgraph }) => subgraph)).toEqual([
    'people',
    'parcels',
    'people',
  ])
})

test('answers questions about the schema by itself, beside fields of subgraphs', async () => {
  const { ask, requests } = openTown()
  const whole = await ask(getIntrospectionQuery())
  expect(JSON.stringify(whole)).toContain('"Event"')
  expect(JSON.stringify(whole)).not.toMatch(/linkKeys|_entities|join__/)
  await ask('{ __typename ...F } fragment F on Query { again: __typename }')
  expect(requests).toEqual([])
  const mixed = await ask(
    'query($name: String!) { __type(name: $name) { kind } viewer { id } ...F } fragment F on Query { s: __schema { queryType { name } } }',
    { name: 'User' },
  )
  expect(mixed).toEqual({
    data: { __type: { kind: 'OBJECT' }, viewer: { id: 'u1' }, s: { queryType: { name: 'Query' } } },
  })
})

test('refuses variables that do not fit before it asks a subgraph, and fills in defaults', async () => {
  const { ask, requests } = openTown()
  const query = 'query($id: ID!, $first: Int = 1) { user(id: $id) { parcels(first: $first) { id } } }'
  expect((await ask(query)).errors?.map(({ extensions }) => extensions.code)).toEqual(['BAD_USER_INPUT'])
  expect(requests).toEqual([])
  await ask(query, { id: 'u2' })
  expect(requests[1]?.variables).toMatchObject({ first: 1 })
})

test('opens no subscription that its subgraph refuses', async () => {
  const refusal = { errors: [new GraphQLError('Log in first.', { extensions: { code: 'UNAUTHENTICATED' } })] }
  const { engine } = openTown({ executors: { people: async () => refusal } })
  const document = parse('subscription { userChanged(id: "u1") { id } }')
  const answer = await engine.subscribe({
    document,
    viewer: null,
    requestId: 'req_1',
    signal: new AbortController().signal,
  })
  expect(answer).toMatchObject({ errors: [{ message: 'Log in first.', extensions: { code: 'UNAUTHENTICATED' } }] })
})

test('frees the events that come when their subscriber has left', async () => {
  const { promise: opening, resolve: open } = Promise.withResolvers<void>()
  const topic = createTopic<ExecutionResult>()
  const { engine, requests } = openTown({
    executors: {
      async people() {
        await opening
        return topic.listen()
      },
    },
  })
  const leaving = new AbortController()
  const document = parse('subscription { userChanged(id: "u1") { id } }')
  const answer = engine.subscribe({ document, viewer: null, requestId: 'req_1', signal: leaving.signal })
  await vi.waitUntil(() => requests.length === 1)
  const reason = new Error('gone')
  leaving.abort(reason)
  open()
  await expect(answer).rejects.toBe(reason)
  expect(topic.listeners()).toBe(0)
})
