import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createTestClient, createTestViewer, engineAway, useSubgraph } from '@passerelle/platform/subgraph/testing'
import { openFacts } from '@passerelle/platform/facts'
import { openGrafeo } from '@passerelle/platform/graph/grafeo'
import { recordEntityId } from '@passerelle/platform/records'
import type { Viewer } from '@passerelle/platform/schema'
import { logistics } from './index.ts'

const town = useSubgraph(logistics)

const createText = `mutation ($input: CreateShipmentInput!) {
  createShipment(input: $input) { __typename ... on Shipment { id trackingNumber status } ... on Refusal { message } ... on InvalidInput { path } }
}`
type Created = {
  createShipment: { __typename: string; id: string; trackingNumber: string; status: string; path?: string[] }
}

async function create(viewer: Viewer, input: Record<string, unknown>): Promise<Created['createShipment']> {
  const { data, errors } = await town.client.ask<Created>(viewer, createText, { input })
  expect(errors).toEqual([])
  return data.createShipment
}

test('documents find a shipment by its keys, through the federation', async () => {
  const viewer = createTestViewer()
  const { id } = await create(viewer, { trackingNumber: 'ra 123456785 fr', reference: 'Conteneur MSCU 663987 0' })
  const text =
    'query ($of: [_Any!]!) { _entities(representations: $of) { ... on Shipment { trackingNumber linkKeys } } }'
  const of = [
    { __typename: 'Shipment', id },
    { __typename: 'Shipment', id: 'shp_unknown' },
  ]
  const { data } = await town.client.ask(viewer, text, { of })
  expect(data).toEqual({
    _entities: [
      { trackingNumber: 'ra 123456785 fr', linkKeys: ['TRACKING_NUMBER:RA123456785FR', 'CONTAINER:MSCU6639870'] },
      null,
    ],
  })
  expect((await town.client.ask(createTestViewer(), text, { of })).data).toEqual({ _entities: [null, null] })
})

test('a tracking number whose check digit is wrong is kept, but leads to nothing in the graph', async () => {
  const viewer = createTestViewer()
  const { id, trackingNumber } = await create(viewer, { trackingNumber: 'RA123456784FR' })
  expect(trackingNumber).toBe('RA123456784FR')
  const { entities } = await town.platform.graph.findEntities(viewer.organizationId, {
    search: 'RA123456784FR',
    limit: 10,
    offset: 0,
  })
  expect(entities.map(({ type, recordId }) => ({ type, recordId }))).toEqual([{ type: 'RECORD', recordId: id }])
})

test('the knowledge graph knows a shipment and its tracking number as soon as it is created, in its organisation alone', async () => {
  const [viewer, other] = [createTestViewer(), createTestViewer()]
  const { id } = await create(viewer, { trackingNumber: '6A 99999999999' })
  const entity = recordEntityId(viewer.organizationId, { kind: 'SHIPMENT', id })
  const [found] = await town.platform.graph.loadEntities(viewer.organizationId, [entity])
  expect(found).toMatchObject({
    name: '6A 99999999999',
    type: 'RECORD',
    kind: 'SHIPMENT',
    recordType: 'Shipment',
    recordId: id,
  })
  const { neighbours } = await town.platform.graph.neighbours(viewer.organizationId, {
    id: entity,
    depth: 1,
    limit: 10,
  })
  expect(neighbours).toMatchObject([
    { relation: 'IDENTIFIES', entity: { type: 'IDENTIFIER', kind: 'TRACKING_NUMBER', key: '6A99999999999' } },
  ])
  expect(await town.platform.graph.loadEntities(other.organizationId, [entity])).toEqual([])
})

test('a shipment is created while the graph is away', async () => {
  const without = createTestClient({ ...town.platform, graph: engineAway('graph') }, logistics)
  const { data } = await without.ask<Created>(createTestViewer(), createText, { input: { trackingNumber: 'AWAY-1' } })
  expect(data.createShipment.__typename).toBe('Shipment')
})

test('a graph that comes back empty is filled again from the first fact', async () => {
  const viewer = createTestViewer()
  const { id } = await create(viewer, { trackingNumber: 'LOST-GRAPH-1' })
  const facts = await openFacts(town.platform.sql, town.platform.log)
  const folder = await mkdtemp(join(tmpdir(), 'passerelle-graph-'))
  const graph = await openGrafeo({ path: join(folder, 'graph.db'), log: town.platform.log })
  await logistics.work?.({ ...town.platform, facts, graph })
  const { organizationId } = viewer
  expect(
    await facts.reached(
      'logistics.graph',
      { organizationId, position: await facts.head(organizationId) },
      { timeoutMs: 10_000 },
    ),
  ).toBe(true)
  expect(
    await graph.loadEntities(organizationId, [recordEntityId(organizationId, { kind: 'SHIPMENT', id })]),
  ).toMatchObject([{ name: 'LOST-GRAPH-1' }])
  await facts.close()
  await graph.close()
  await rm(folder, { recursive: true })
})
