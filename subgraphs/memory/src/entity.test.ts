import { expect, test } from 'vitest'
import type { EntityType } from '@passerelle/platform/graph'
import { createTestViewer, useSubgraph } from '@passerelle/platform/subgraph/testing'
import { memory } from './index.ts'
import { named, writeDocument, writeTown } from './town.testing.ts'

const town = useSubgraph(memory)

test('an entity tells who it is and what is around it', async () => {
  const viewer = createTestViewer()
  const { company, place, number } = await writeTown(town.platform.graph, viewer)
  const text = `query ($id: ID!) { entity(id: $id) { name type kind aliases record { __typename }
    near: neighbours { nodes { distance relation weight entity { id } } }
    far: neighbours(depth: 2, types: [IDENTIFIER]) { nodes { distance entity { id } } pageInfo { hasNextPage } } } }`
  expect(await town.client.data(viewer, text, { id: company.id })).toEqual({
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
  const { company, place, number } = await writeTown(town.platform.graph, viewer)
  const text = `query ($search: String, $types: [EntityType!]) { entities(search: $search, types: $types) { totalCount nodes { id } } }`
  const found = (ids: string[]) => ({ entities: { totalCount: ids.length, nodes: ids.map((id) => ({ id })) } })
  expect(await town.client.data(viewer, text, { search: 'etoile TRANS' })).toEqual(found([company.id]))
  expect(await town.client.data(viewer, text, { search: '6a 123-456' })).toEqual(found([number.id]))
  expect(await town.client.data(viewer, text, { types: ['PLACE'] })).toEqual(found([place.id]))
  expect(await town.client.data(viewer, text, { types: [] })).toEqual(found([]))
  expect(
    (await town.client.data<{ entities: { totalCount: number } }>(viewer, text, { search: '  ' })).entities.totalCount,
  ).toBe(3)
})

test('entities of equal weight and name page without a gap or a repeat', async () => {
  const viewer = createTestViewer()
  const types: EntityType[] = ['PERSON', 'ORGANIZATION', 'PLACE', 'TOPIC', 'EVENT']
  await writeDocument(
    town.platform.graph,
    viewer,
    types.map((type) => named(viewer, type, 'Durand')),
  )
  type Page = { entities: { nodes: { type: string }[]; pageInfo: { endCursor: string; hasNextPage: boolean } } }
  const seen: string[] = []
  let after: string | null = null
  for (let page = 0; page < 3; page++) {
    const text =
      'query ($after: String) { entities(first: 2, after: $after) { nodes { type } pageInfo { endCursor hasNextPage } } }'
    const data: Page = await town.client.data<Page>(viewer, text, { after })
    seen.push(...data.entities.nodes.map(({ type }) => type))
    after = data.entities.pageInfo.endCursor
    expect(data.entities.pageInfo.hasNextPage).toBe(page < 2)
  }
  expect(seen.toSorted()).toEqual(types.toSorted())
})

test.each([
  'entities(first: 101) { totalCount }',
  'entities(after: "WyItMSJd") { totalCount }',
  `entities(search: "${'a'.repeat(201)}") { totalCount }`,
  'neighbourhood(id: "ent_0", depth: 5) { truncated }',
  'neighbourhood(id: "ent_0", first: 301) { truncated }',
  'path(from: "ent_0", to: "ent_1", maxDepth: 0) { relations }',
])('%s is refused', async (field) => {
  const { errors } = await town.client.ask(createTestViewer(), `{ ${field} }`)
  expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }])
})

test('who may not read the graph is told so', async () => {
  const { errors } = await town.client.ask(createTestViewer({ roles: ['PARTNER'] }), '{ entity(id: "ent_0") { id } }')
  expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }])
})
