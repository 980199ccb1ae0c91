import { afterAll, beforeAll, expect, test } from 'vitest'
import { conciergerie } from '@passerelle/conciergerie'
import { logistics } from '@passerelle/logistics'
import { sealedPattern } from '@passerelle/platform/sealing'
import {
  createTestClient,
  createTestViewer,
  openTestPlatform,
  type TestPlatform,
} from '@passerelle/platform/subgraph/testing'
import { migrationSets, queues, sealedTables } from './subgraphs.ts'

let platform: TestPlatform
const canary = { email: 'zoe@canari-jaune.example', phone: '06 12 34 56 78', note: 'remis à la voisine canari-jaune' }
const traces = /canari-jaune|06 ?12 ?34 ?56 ?78|612345678/i

beforeAll(async () => {
  platform = await openTestPlatform({ sets: migrationSets, queues, engines: { sealedTables } })
  const viewer = createTestViewer()
  const { organizationId } = viewer
  await createTestClient(platform, conciergerie).data(
    viewer,
    'mutation ($input: CreateClientInput!) { createClient(input: $input) { __typename } }',
    { input: { name: 'Zoé', email: canary.email, phone: canary.phone } },
  )
  const { createServiceRequest } = await createTestClient(platform, conciergerie).data<{
    createServiceRequest: { id: string }
  }>(
    viewer,
    'mutation ($note: String!) { createServiceRequest(input: { kind: OTHER, title: "Clés", description: $note }) { ... on ServiceRequest { id } } }',
    { note: canary.note },
  )
  await createTestClient(platform, conciergerie).data(
    viewer,
    'mutation ($input: AddServiceRequestMessageInput!) { addServiceRequestMessage(input: $input) { __typename } }',
    { input: { serviceRequestId: createServiceRequest.id, text: canary.phone } },
  )
  const { createProperty } = await createTestClient(platform, conciergerie).data<{ createProperty: { id: string } }>(
    viewer,
    'mutation { createProperty(input: { name: "Villa" }) { ... on Property { id } } }',
  )
  await createTestClient(platform, conciergerie).data(
    viewer,
    'mutation ($input: CreateBookingInput!) { createBooking(input: $input) { __typename } }',
    { input: { propertyId: createProperty.id, arrival: '2026-12-20', departure: '2026-12-21', note: canary.note } },
  )
  const client = createTestClient(platform, logistics)
  const { createShipment } = await client.data<{ createShipment: { id: string } }>(
    viewer,
    'mutation { createShipment(input: { trackingNumber: "6A12345678901" }) { ... on Shipment { id } } }',
  )
  await client.data(
    viewer,
    'mutation ($input: RecordShipmentEventInput!) { recordShipmentEvent(input: $input) { __typename } }',
    { input: { shipmentId: createShipment.id, status: 'PICKED_UP', note: canary.note } },
  )
  await platform.mail.send({ organizationId, to: canary.email, subject: canary.note, text: canary.phone })
})

afterAll(() => platform.close())

test('every column that is marked personal is one of the catalogue’s, of text', async () => {
  for (const { name, row, columns } of sealedTables) {
    const found = await platform.database.asOwner<{ column: string }>(
      `select column_name as column from information_schema.columns
       where table_schema || '.' || table_name = $1 and data_type = 'text' and column_name = any($2)`,
      [name, [row, ...columns]],
    )
    expect([name, found.map(({ column }) => column).toSorted()]).toEqual([name, [row, ...columns].toSorted()])
  }
  expect(sealedTables.map(({ name }) => name)).toEqual(
    expect.arrayContaining([
      'platform.mail',
      'conciergerie.client',
      'conciergerie.booking_guest',
      'conciergerie.service_request',
      'conciergerie.service_request_message',
      'logistics.shipment_event',
      'tenancy.privacy_request',
    ]),
  )
})

test('what is in a column that is marked personal is sealed', async () => {
  let values = 0
  for (const { name, columns } of sealedTables)
    for (const column of columns) {
      const rows = await platform.database.asOwner<{ value: string }>(
        `select ${column} as value from ${name} where ${column} is not null`,
      )
      for (const { value } of rows)
        expect([name, column, value]).toEqual([name, column, expect.stringMatching(sealedPattern)])
      values += rows.length
    }
  expect(values).toBeGreaterThanOrEqual(6)
})

test('no row of any table, the queues’ included, has it in the clear', async () => {
  const tables = await platform.database.asOwner<{ name: string }>(
    `select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname not in ('pg_catalog', 'information_schema')`,
  )
  for (const { name } of tables)
    for (const { line } of await platform.database.asOwner<{ line: string }>(
      `select held::text as line from ${name} as held`,
    ))
      expect([name, traces.test(line)]).toEqual([name, false])
})
