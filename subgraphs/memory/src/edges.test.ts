import { expect, test } from 'vitest'
import type { EntityFacts } from '@passerelle/platform/graph'
import { newId } from '@passerelle/platform/ids'
import { recordEntityId } from '@passerelle/platform/records'
import { createTestClient, createTestViewer, engineAway, useSubgraph } from '@passerelle/platform/subgraph/testing'
import { memory } from './index.ts'
import { writeTown } from './town.testing.ts'

const town = useSubgraph(memory)

test('a document lists whom it names, the most mentioned first, and of the types asked for', async () => {
  const viewer = createTestViewer()
  const { company, place, first } = await writeTown(town.platform.graph, viewer)
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
  expect(await town.client.data(viewer, text, { of })).toEqual({ _entities: [whole, empty] })
  expect(await town.client.data(createTestViewer(), text, { of })).toEqual({ _entities: [empty, empty] })
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
  await town.platform.graph.recordRecord(viewer.organizationId, {
    entity,
    recordType: typename,
    recordId,
    identifiers: [],
    change: { at: new Date(), what: 'CREATED' },
  })
  const text = `query ($of: [_Any!]!) { _entities(representations: $of) { ... on ${typename} { entity { id name record { __typename ... on ${typename} { id } } } } } }`
  const of = [
    { __typename: typename, id: recordId },
    { __typename: typename, id: newId(prefix) },
  ]
  const found = { entity: { id, name: 'A record', record: { __typename: typename, id: recordId } } }
  expect(await town.client.data(viewer, text, { of })).toEqual({ _entities: [found, { entity: null }] })
  expect(await town.client.data(createTestViewer(), text, { of })).toEqual({
    _entities: [{ entity: null }, { entity: null }],
  })
})

test('while the graph is away its fields say so, and an edge to it is null', async () => {
  const without = createTestClient({ ...town.platform, graph: engineAway('graph') }, memory)
  const of = [{ __typename: 'Document', id: newId('doc') }]
  const text =
    'query ($of: [_Any!]!) { entity(id: "ent_0") { id } _entities(representations: $of) { ... on Document { entities { totalCount } } } }'
  const { data, errors } = await without.ask(createTestViewer(), text, { of })
  expect(data).toEqual({ entity: null, _entities: [{ entities: null }] })
  expect(errors.map(({ extensions }) => extensions)).toEqual(
    Array(2).fill({ code: 'ENGINE_UNAVAILABLE', engine: 'graph' }),
  )
})
