import { afterAll, beforeAll, expect, test } from 'vitest'
import type { EntityFacts, EntityType } from '@passerelle/platform/graph'
import { entityId } from '@passerelle/platform/identifiers'
import { newId } from '@passerelle/platform/ids'
import { recordEntityId } from '@passerelle/platform/records'
import type { Viewer } from '@passerelle/platform/schema'
import {
  createTestClient,
  createTestViewer,
  engineAway,
  openTestPlatform,
  type TestClient,
  type TestPlatform,
} from '@passerelle/platform/subgraph/testing'
import { memory } from './index.ts'

let platform: TestPlatform
let client: TestClient

beforeAll(async () => {
  platform = await openTestPlatform({ sets: [memory.migrations] })
  client = createTestClient(platform, memory)
})

afterAll(() => platform.close())

function named(viewer: Viewer, type: EntityType, name: string): EntityFacts {
  const key = name.toLowerCase()
  return { id: entityId({ organizationId: viewer.organizationId, type, kind: null, key }), type, kind: null, key, name }
}

function identifier(viewer: Viewer, kind: string, key: string): EntityFacts {
  return {
    id: entityId({ organizationId: viewer.organizationId, type: 'IDENTIFIER', kind, key }),
    type: 'IDENTIFIER',
    kind,
    key,
    name: key,
  }
}

async function write(viewer: Viewer, entities: readonly EntityFacts[]): Promise<string> {
  const documentId = newId('doc')
  const mentions = entities.map((entity, index) => ({
    ...entity,
    count: 10 - index,
    confidence: 0.9,
    page: 1,
    extractor: 'rules',
  }))
  await platform.graph.recordDocument(viewer.organizationId, { documentId, version: '1', mentions, relations: [] })
  return documentId
}

async function ask<Data = Record<string, unknown>>(
  viewer: Viewer,
  text: string,
  variables: Record<string, unknown> = {},
): Promise<Data> {
  const { data, errors } = await client.ask<Data>(viewer, text, variables)
  expect(errors).toEqual([])
  return data
}

/** Two documents with an address in common: from the first's company to the second's number it is two steps. */
async function town(viewer: Viewer) {
  const company = named(viewer, 'ORGANIZATION', 'Étoile Transports')
  const place = named(viewer, 'PLACE', 'Marseille')
  const number = identifier(viewer, 'TRACKING_NUMBER', '6A12345678901')
  const first = await write(viewer, [company, place])
  await write(viewer, [place, number])
  return { company, place, number, first }
}

test('an entity tells who it is and what is around it', async () => {
  const viewer = createTestViewer()
  const { company, place, number } = await town(viewer)
  const text = `query ($id: ID!) { entity(id: $id) { name type kind aliases record { __typename }
    near: neighbours { nodes { distance relation weight entity { id } } }
    far: neighbours(depth: 2, types: [IDENTIFIER]) { nodes { distance entity { id } } pageInfo { hasNextPage } } } }`
  expect(await ask(viewer, text, { id: company.id })).toEqual({
    entity: {
      name: 'Étoile Transports',
      type: 'ORGANIZATION',
      kind: null,
      aliases: [],
      record: null,
      near: { nodes: [{ distance: 1, relation: 'RELATED_TO', weight: 1, entity: { id: place.id } }] },
      far: { nodes: [{ distance: 2, entity: { id: number.id } }], pageInfo: { hasNextPage: false } },
    },
  })
})

test('entities are found by name and number without regard to case, accents and separators, and by type', async () => {
  const viewer = createTestViewer()
  const { company, place, number } = await town(viewer)
  const text = `query ($search: String, $types: [EntityType!]) { entities(search: $search, types: $types) { totalCount nodes { id } } }`
  const found = (ids: string[]) => ({ entities: { totalCount: ids.length, nodes: ids.map((id) => ({ id })) } })
  expect(await ask(viewer, text, { search: 'etoile TRANS' })).toEqual(found([company.id]))
  expect(await ask(viewer, text, { search: '6a 123-456' })).toEqual(found([number.id]))
  expect(await ask(viewer, text, { types: ['PLACE'] })).toEqual(found([place.id]))
  expect(await ask(viewer, text, { types: [] })).toEqual(found([]))
  expect((await ask<{ entities: { totalCount: number } }>(viewer, text, { search: '  ' })).entities.totalCount).toBe(3)
})

test('entities of equal weight and name page without a gap or a repeat', async () => {
  const viewer = createTestViewer()
  const types: EntityType[] = ['PERSON', 'ORGANIZATION', 'PLACE', 'TOPIC', 'EVENT']
  await write(
    viewer,
    types.map((type) => named(viewer, type, 'Durand')),
  )
  type Page = { entities: { nodes: { type: string }[]; pageInfo: { endCursor: string; hasNextPage: boolean } } }
  const seen: string[] = []
  let after: string | null = null
  for (let page = 0; page < 3; page++) {
    const text =
      'query ($after: String) { entities(first: 2, after: $after) { nodes { type } pageInfo { endCursor hasNextPage } } }'
    const data: Page = await ask<Page>(viewer, text, { after })
    seen.push(...data.entities.nodes.map(({ type }) => type))
    after = data.entities.pageInfo.endCursor
    expect(data.entities.pageInfo.hasNextPage).toBe(page < 2)
  }
  expect(seen.toSorted()).toEqual(types.toSorted())
})

test('a path leads from one entity to another over what they have in common', async () => {
  const viewer = createTestViewer()
  const { company, place, number } = await town(viewer)
  const stranger = named(viewer, 'PERSON', 'Nobody')
  await write(viewer, [stranger])
  const text = `query ($from: ID!, $to: ID!, $maxDepth: Int) { path(from: $from, to: $to, maxDepth: $maxDepth) { entities { id } relations } }`
  const whole = {
    path: {
      entities: [{ id: company.id }, { id: place.id }, { id: number.id }],
      relations: ['RELATED_TO', 'RELATED_TO'],
    },
  }
  expect(await ask(viewer, text, { from: company.id, to: number.id })).toEqual(whole)
  expect(await ask(viewer, text, { from: company.id, to: number.id, maxDepth: 1 })).toEqual({ path: null })
  expect(await ask(viewer, text, { from: company.id, to: stranger.id })).toEqual({ path: null })
  expect(await ask(viewer, text, { from: company.id, to: 'doc_1' })).toEqual({ path: null })
})

test('a neighbourhood is an entity with what is around it and the lines among them', async () => {
  const viewer = createTestViewer()
  const { company, place, number } = await town(viewer)
  type Picture = {
    neighbourhood: { entities: { id: string }[]; relations: { from: string; to: string }[]; truncated: boolean }
  }
  const text = `query ($id: ID!) { neighbourhood(id: $id, depth: 2, first: 300) { entities { id } relations { from to type weight } truncated } }`
  const { neighbourhood } = await ask<Picture>(viewer, text, { id: company.id })
  expect(neighbourhood.entities.map(({ id }) => id)).toEqual([company.id, place.id, number.id])
  expect(neighbourhood.relations.map(({ from, to }) => [from, to].toSorted())).toEqual(
    expect.arrayContaining([[company.id, place.id].toSorted(), [place.id, number.id].toSorted()]),
  )
  expect(neighbourhood).toMatchObject({ truncated: false, relations: { length: 2 } })
  expect(await ask(viewer, text, { id: 'ent_unknown' })).toEqual({ neighbourhood: null })
})

test('a document lists whom it names, the most mentioned first, and of the types asked for', async () => {
  const viewer = createTestViewer()
  const { company, place, first } = await town(viewer)
  const text = `query ($of: [_Any!]!) { _entities(representations: $of) { ... on Document {
    entities { totalCount nodes { id } } places: entities(types: [PLACE]) { nodes { id } } } } }`
  const of = [
    { __typename: 'Document', id: first },
    { __typename: 'Document', id: newId('doc') },
  ]
  const empty = { entities: { totalCount: 0, nodes: [] }, places: { nodes: [] } }
  const whole = {
    entities: { totalCount: 2, nodes: [{ id: company.id }, { id: place.id }] },
    places: { nodes: [{ id: place.id }] },
  }
  expect(await ask(viewer, text, { of })).toEqual({ _entities: [whole, empty] })
  expect(await ask(createTestViewer(), text, { of })).toEqual({ _entities: [empty, empty] })
})

test.each([
  ['Shipment', 'SHIPMENT', 'shp'],
  ['Client', 'CLIENT', 'cli'],
  ['Property', 'PROPERTY', 'prp'],
] as const)('a %s and its entity lead to each other', async (typename, kind, prefix) => {
  const viewer = createTestViewer()
  const recordId = newId(prefix)
  const id = recordEntityId(viewer.organizationId, { kind, id: recordId })
  const entity: EntityFacts = { id, type: 'RECORD', kind, key: recordId, name: 'A record' }
  await platform.graph.recordRecord(viewer.organizationId, { entity, recordType: typename, recordId, identifiers: [] })
  const text = `query ($of: [_Any!]!) { _entities(representations: $of) { ... on ${typename} { entity { id name record { __typename ... on ${typename} { id } } } } } }`
  const of = [
    { __typename: typename, id: recordId },
    { __typename: typename, id: newId(prefix) },
  ]
  const found = { entity: { id, name: 'A record', record: { __typename: typename, id: recordId } } }
  expect(await ask(viewer, text, { of })).toEqual({ _entities: [found, { entity: null }] })
  expect(await ask(createTestViewer(), text, { of })).toEqual({ _entities: [{ entity: null }, { entity: null }] })
})

test('another organisation sees nothing by id, list, search, path or picture', async () => {
  const [viewer, other] = [createTestViewer(), createTestViewer()]
  const { company, number } = await town(viewer)
  const text = `query ($from: ID!, $to: ID!) { entity(id: $from) { id } entities { totalCount nodes { id } } search: entities(search: "etoile") { nodes { id } }
    path(from: $from, to: $to) { relations } neighbourhood(id: $from) { truncated }
    _entities(representations: [{ __typename: "Entity", id: $from }]) { ... on Entity { name } } }`
  expect(
    await ask(other, text.replace('id: $from }]', `id: "${company.id}" }]`), { from: company.id, to: number.id }),
  ).toEqual({
    entity: null,
    entities: { totalCount: 0, nodes: [] },
    search: { nodes: [] },
    path: null,
    neighbourhood: null,
    _entities: [null],
  })
})

test.each([
  'entities(first: 101) { totalCount }',
  'entities(after: "WyItMSJd") { totalCount }',
  `entities(search: "${'a'.repeat(201)}") { totalCount }`,
  'neighbourhood(id: "ent_0", depth: 5) { truncated }',
  'neighbourhood(id: "ent_0", first: 301) { truncated }',
  'path(from: "ent_0", to: "ent_1", maxDepth: 0) { relations }',
])('%s is refused', async (field) => {
  const { errors } = await client.ask(createTestViewer(), `{ ${field} }`)
  expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }])
})

test('who may not read the graph is told so', async () => {
  const { errors } = await client.ask(createTestViewer({ roles: ['PARTNER'] }), '{ entity(id: "ent_0") { id } }')
  expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }])
})

test('while the graph is away its fields say so, and an edge to it is null', async () => {
  const without = createTestClient({ ...platform, graph: engineAway('graph') }, memory)
  const of = [{ __typename: 'Document', id: newId('doc') }]
  const text =
    'query ($of: [_Any!]!) { entity(id: "ent_0") { id } _entities(representations: $of) { ... on Document { entities { totalCount } } } }'
  const { data, errors } = await without.ask(createTestViewer(), text, { of })
  expect(data).toEqual({ entity: null, _entities: [{ entities: null }] })
  expect(errors.map(({ extensions }) => extensions)).toEqual(
    Array(2).fill({ code: 'ENGINE_UNAVAILABLE', engine: 'graph' }),
  )
})
