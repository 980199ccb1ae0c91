import { expect, test } from 'vitest'
import { createTestViewer, useSubgraph } from '@passerelle/platform/subgraph/testing'
import { recordEntityId } from '@passerelle/platform/records'
import type { Viewer } from '@passerelle/platform/schema'
import { conciergerie } from '../index.ts'

const town = useSubgraph(conciergerie)

type Result = { __typename: string; id: string; address?: string | null; path?: string[] }

async function write(viewer: Viewer, verb: 'create' | 'update', input: Record<string, unknown>): Promise<Result> {
  const name = verb === 'create' ? 'Create' : 'Update'
  const text = `mutation ($input: ${name}PropertyInput!) { result: ${verb}Property(input: $input) {
    __typename ... on Property { id name address registrationNumber } ... on InvalidInput { path } } }`
  const { data, errors } = await town.client.ask<{ result: Result }>(viewer, text, { input })
  expect(errors).toEqual([])
  return data.result
}

const villa = {
  name: 'Villa Les Pins',
  address: '12, avenue des Pins, 06400 Cannes',
  registrationNumber: '06029 012345 AB',
}

test('a property is kept as it was typed and documents find it by its keys', async () => {
  const viewer = createTestViewer()
  const created = await write(viewer, 'create', villa)
  expect(created).toMatchObject({ __typename: 'Property', ...villa })
  const text = 'query ($of: [_Any!]!) { _entities(representations: $of) { ... on Property { name linkKeys } } }'
  const of = [{ __typename: 'Property', id: created.id }]
  const linkKeys = [
    'REGISTRATION_NUMBER:06029012345AB',
    'NAME:villa les pins',
    'ADDRESS:12 avenue des pins 06400 cannes',
  ]
  expect((await town.client.ask(viewer, text, { of })).data).toEqual({ _entities: [{ name: villa.name, linkKeys }] })
})

test('a number of another register is kept and leads nowhere', async () => {
  const viewer = createTestViewer()
  const { id } = await write(viewer, 'create', { name: 'Loft', registrationNumber: 'AT/OBJ-99' })
  const entity = recordEntityId(viewer.organizationId, { kind: 'PROPERTY', id })
  const around = async () => {
    const { neighbours } = await town.platform.graph.neighbours(viewer.organizationId, {
      id: entity,
      depth: 1,
      limit: 10,
    })
    return neighbours.map((neighbour) => [neighbour.entity.type, neighbour.entity.key])
  }
  await expect.poll(around).toEqual([['PLACE', 'loft']])
})

test.each([
  ['no name', { name: '' }, 'name'],
  ['an endless address', { name: 'A', address: 'x'.repeat(301) }, 'address'],
  ['a registration number of two lines', { name: 'A', registrationNumber: '1\n2' }, 'registrationNumber'],
])('a property with %s is refused and says where', async (_what, input, path) => {
  expect(await write(createTestViewer(), 'create', input)).toMatchObject({ __typename: 'InvalidInput', path: [path] })
})

test('a change leaves what is not given and clears what is null', async () => {
  const viewer = createTestViewer()
  const { id } = await write(viewer, 'create', villa)
  expect(await write(viewer, 'update', { id, address: null })).toMatchObject({ ...villa, address: null })
  const { data } = await town.client.ask(
    viewer,
    'query ($id: ID!) { property(id: $id) { name address } properties(search: "LES PINS") { nodes { id } } }',
    { id },
  )
  expect(data).toEqual({ property: { name: villa.name, address: null }, properties: { nodes: [{ id }] } })
})

test('another organisation sees nothing and changes nothing', async () => {
  const [viewer, other] = [createTestViewer(), createTestViewer()]
  const { id } = await write(viewer, 'create', villa)
  expect((await write(other, 'update', { id, name: 'Mine' })).__typename).toBe('NotFound')
  const text =
    'query ($id: ID!) { property(id: $id) { id } properties { totalCount } search: properties(search: "pins") { nodes { id } } }'
  expect((await town.client.ask(other, text, { id })).data).toEqual({
    property: null,
    properties: { totalCount: 0 },
    search: { nodes: [] },
  })
})

test('a property is a client’s of the same organisation, or nobody’s', async () => {
  const [viewer, other] = [createTestViewer(), createTestViewer()]
  const owner = async (who: Viewer) => {
    const text = 'mutation { createClient(input: { name: "Mme Durand" }) { ... on Client { id } } }'
    return (await town.client.data<{ createClient: { id: string } }>(who, text)).createClient.id
  }
  const [own, foreign] = [await owner(viewer), await owner(other)]
  const { id } = await write(viewer, 'create', { ...villa, ownerId: own })
  for (const ownerId of [foreign, `cli_${'0'.repeat(32)}`, id, ''])
    for (const answer of [
      await write(viewer, 'update', { id, ownerId }),
      await write(viewer, 'create', { ...villa, ownerId }),
    ])
      expect(answer).toMatchObject({ __typename: 'InvalidInput', path: ['ownerId'] })
  const shown = 'query ($id: ID!) { property(id: $id) { owner { name } } }'
  expect(await town.client.data(viewer, shown, { id })).toEqual({ property: { owner: { name: 'Mme Durand' } } })
  await write(viewer, 'update', { id, ownerId: null })
  expect(await town.client.data(viewer, shown, { id })).toEqual({ property: { owner: null } })
})
