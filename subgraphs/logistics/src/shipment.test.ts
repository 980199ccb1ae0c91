import { expect, test } from 'vitest'
import { createTestViewer, useSubgraph } from '@passerelle/platform/subgraph/testing'
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

async function list(viewer: Viewer, args: string): Promise<string[]> {
  const { data, errors } = await town.client.ask<{ shipments: { nodes: { trackingNumber: string }[] } }>(
    viewer,
    `{ shipments(${args}) { nodes { trackingNumber } } }`,
  )
  expect(errors).toEqual([])
  return data.shipments.nodes.map((node) => node.trackingNumber)
}

test('a shipment is found by its id and by its tracking number in any printed form', async () => {
  const viewer = createTestViewer()
  const { id } = await create(viewer, { trackingNumber: '6A 1234 5678 901', reference: 'Commande 12' })
  const { data } = await town.client.ask(
    viewer,
    `query ($id: ID!) { byId: shipment(id: $id) { trackingNumber status reference } printed: shipment(trackingNumber: "6a-12345678901") { id }
      both: shipment(id: $id, trackingNumber: "XY123456") { id } odd: shipment(trackingNumber: "\\u0000") { id } other: shipment(id: "doc_\\u0000") { id } }`,
    { id },
  )
  expect(data).toEqual({
    byId: { trackingNumber: '6A 1234 5678 901', status: 'PENDING', reference: 'Commande 12' },
    printed: { id },
    both: null,
    odd: null,
    other: null,
  })
})

test('asking for a shipment by nothing is refused', async () => {
  const { errors } = await town.client.ask(createTestViewer(), '{ shipment { id } }')
  expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }])
})

test.each([
  ['nothing', ''],
  ['blanks', '   '],
  ['only signs', '-- / --'],
  ['a control character', 'AB\u0000123'],
  ['far too much', 'A1'.repeat(50)],
])('a tracking number of %s is refused and says where', async (_what, trackingNumber) => {
  expect(await create(createTestViewer(), { trackingNumber })).toMatchObject({
    __typename: 'InvalidInput',
    path: ['trackingNumber'],
  })
})

test('the same tracking number created ten times at once is one shipment, and another organisation may have it too', async () => {
  const [viewer, other] = [createTestViewer(), createTestViewer()]
  const forms = ['(00) 3 4531200 000001234 2', '345312000000012342']
  const answers = await Promise.all(
    Array.from({ length: 10 }, (_, index) => create(viewer, { trackingNumber: forms[index % 2] })),
  )
  expect(answers.filter((answer) => answer.__typename === 'Shipment')).toHaveLength(1)
  expect(
    answers.filter((answer) => answer.__typename === 'InvalidInput' && answer.path?.[0] === 'trackingNumber'),
  ).toHaveLength(9)
  const { data } = await town.client.ask(viewer, '{ shipments { totalCount } }')
  expect(data).toEqual({ shipments: { totalCount: 1 } })
  expect((await create(other, { trackingNumber: forms[0] })).__typename).toBe('Shipment')
})

test('the list pages through shipments of the same moment without a gap or a repeat', async () => {
  const viewer = createTestViewer()
  await Promise.all(Array.from({ length: 7 }, (_, index) => create(viewer, { trackingNumber: `LOT-000${index}` })))
  const seen: string[] = []
  let after: string | null = null
  for (let page = 0; page < 4; page++) {
    const {
      data,
    }: {
      data: {
        shipments: { nodes: { trackingNumber: string }[]; pageInfo: { endCursor: string; hasNextPage: boolean } }
      }
    } = await town.client.ask(
      viewer,
      'query ($after: String) { shipments(first: 2, after: $after) { nodes { trackingNumber } pageInfo { endCursor hasNextPage } } }',
      { after },
    )
    seen.push(...data.shipments.nodes.map((node) => node.trackingNumber))
    after = data.shipments.pageInfo.endCursor
    expect(data.shipments.pageInfo.hasNextPage).toBe(page < 3)
  }
  expect(seen.toSorted()).toEqual(Array.from({ length: 7 }, (_, index) => `LOT-000${index}`))
})

test('the list is searched without regard to separators, case and accents, and narrowed by status', async () => {
  const viewer = createTestViewer()
  await create(viewer, { trackingNumber: 'RA 123 456 785 FR', reference: 'Hôtel Négresco, chambre 12' })
  await create(viewer, { trackingNumber: 'ZZ-77', status: 'DRAFT', reference: '100%_sûr' })
  expect(await list(viewer, 'search: "ra123456"')).toEqual(['RA 123 456 785 FR'])
  expect(await list(viewer, 'search: "456 785"')).toEqual(['RA 123 456 785 FR'])
  expect(await list(viewer, 'search: "NEGRESCO hotel"')).toEqual(['RA 123 456 785 FR'])
  expect(await list(viewer, 'search: "%"')).toEqual(['ZZ-77'])
  expect(await list(viewer, 'search: "  "')).toHaveLength(2)
  expect(await list(viewer, 'search: "\\u0000"')).toHaveLength(2)
  expect(await list(viewer, 'statuses: [DRAFT, LOST]')).toEqual(['ZZ-77'])
  expect(await list(viewer, 'statuses: []')).toEqual([])
})

test.each(['first: 0', 'first: 101', 'after: "x"', 'after: "WyJzaHBfXHUwMDAwIl0"', `search: "${'a'.repeat(201)}"`])(
  'a list asked for with %s is refused',
  async (args) => {
    const { errors } = await town.client.ask(createTestViewer(), `{ shipments(${args}) { nodes { id } } }`)
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }])
  },
)

test('who may only read cannot create, and who is nobody sees nothing', async () => {
  const reader = createTestViewer({ roles: ['VIEWER'] })
  expect((await create(reader, { trackingNumber: 'AB-1234' })).__typename).toBe('NotAllowed')
  const { errors } = await town.client.ask(null, '{ shipments { nodes { id } } }')
  expect(errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }])
})

test('another organisation sees nothing by id, tracking number, search or list', async () => {
  const viewer = createTestViewer()
  const { id } = await create(viewer, { trackingNumber: 'SECRET-4711' })
  const { data } = await town.client.ask(
    createTestViewer(),
    `query ($id: ID!) { byId: shipment(id: $id) { id } printed: shipment(trackingNumber: "SECRET-4711") { id }
      shipments { totalCount nodes { id } } search: shipments(search: "secret") { totalCount nodes { id } } }`,
    { id },
  )
  const empty = { totalCount: 0, nodes: [] }
  expect(data).toEqual({ byId: null, printed: null, shipments: empty, search: empty })
})
