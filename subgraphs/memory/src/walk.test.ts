import { expect, test } from 'vitest'
import { createTestViewer, useSubgraph } from '@passerelle/platform/subgraph/testing'
import { memory } from './index.ts'
import { named, writeDocument, writeTown } from './town.testing.ts'

const town = useSubgraph(memory)

test('a path leads from one entity to another over what they have in common', async () => {
  const viewer = createTestViewer()
  const { company, place, number } = await writeTown(town.platform.graph, viewer)
  const stranger = named(viewer, 'PERSON', 'Nobody')
  await writeDocument(town.platform.graph, viewer, [stranger])
  const text = `query ($from: ID!, $to: ID!, $maxDepth: Int) { path(from: $from, to: $to, maxDepth: $maxDepth) { entities { id } relations } }`
  const whole = {
    path: {
      entities: [{ id: company.id }, { id: place.id }, { id: number.id }],
      relations: ['RELATED_TO', 'RELATED_TO'],
    },
  }
  expect(await town.client.data(viewer, text, { from: company.id, to: number.id })).toEqual(whole)
  expect(await town.client.data(viewer, text, { from: company.id, to: number.id, maxDepth: 1 })).toEqual({ path: null })
  expect(await town.client.data(viewer, text, { from: company.id, to: stranger.id })).toEqual({ path: null })
  expect(await town.client.data(viewer, text, { from: company.id, to: 'doc_1' })).toEqual({ path: null })
})

test('a neighbourhood is an entity with what is around it and the lines among them', async () => {
  const viewer = createTestViewer()
  const { company, place, number } = await writeTown(town.platform.graph, viewer)
  type Picture = {
    neighbourhood: { entities: { id: string }[]; relations: { from: string; to: string }[]; truncated: boolean }
  }
  const text = `query ($id: ID!) { neighbourhood(id: $id, depth: 2, first: 300) { entities { id } relations { from to type weight } truncated } }`
  const { neighbourhood } = await town.client.data<Picture>(viewer, text, { id: company.id })
  expect(neighbourhood.entities.map(({ id }) => id)).toEqual([company.id, place.id, number.id])
  expect(neighbourhood.relations.map(({ from, to }) => [from, to].toSorted())).toEqual(
    expect.arrayContaining([[company.id, place.id].toSorted(), [place.id, number.id].toSorted()]),
  )
  expect(neighbourhood).toMatchObject({ truncated: false, relations: { length: 2 } })
  expect(await town.client.data(viewer, text, { id: 'ent_unknown' })).toEqual({ neighbourhood: null })
})

test('another organisation sees nothing by id, list, search, path or picture', async () => {
  const [viewer, other] = [createTestViewer(), createTestViewer()]
  const { company, number } = await writeTown(town.platform.graph, viewer)
  const text = `query ($from: ID!, $to: ID!) { entity(id: $from) { id } entities { totalCount nodes { id } } search: entities(search: "etoile") { nodes { id } }
    path(from: $from, to: $to) { relations } neighbourhood(id: $from) { truncated }
    _entities(representations: [{ __typename: "Entity", id: $from }]) { ... on Entity { name } } }`
  expect(
    await town.client.data(other, text.replace('id: $from }]', `id: "${company.id}" }]`), {
      from: company.id,
      to: number.id,
    }),
  ).toEqual({
    entity: null,
    entities: { totalCount: 0, nodes: [] },
    search: { nodes: [] },
    path: null,
    neighbourhood: null,
    _entities: [null],
  })
})
