import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { buildSchema } from 'graphql'
import { expect, test } from 'vitest'
import { breakingChanges } from './breaking.ts'
import { departuresFrom } from './contract.ts'

const contract = `
  interface Node { id: ID! }
  type Shipment implements Node { id: ID! documents(first: Int, after: String): [Document!] }
  type Document { id: ID! }
  type Refused { code: String! }
  union Result = Shipment | Refused
  enum Status { DRAFT SENT }
  input Create { number: String! status: Status }
  type Query { shipment(id: ID!): Shipment create(input: Create!): Result }
`

const departures = (from: string | RegExp, to: string): string[] => {
  const published = contract.replace(from, to)
  if (published === contract) throw new Error(`${from} is not in the contract.`)
  return departuresFrom(buildSchema(contract), buildSchema(published))
}

test('a schema keeps a contract when it only adds what a contract allows', () => {
  expect(departures('type Shipment implements Node {', 'type Shipment implements Node { weight: Float')).toEqual([])
  expect(
    departures('(first: Int, after: String)', '(first: Int, after: String, kind: String, size: Int! = 3)'),
  ).toEqual([])
  expect(departures('status: Status }', 'status: Status note: String }')).toEqual([])
  expect(departures('union Result = Shipment', 'union Result = Document | Shipment')).toEqual([])
})

test.each([
  ['a type that is gone', ' | Refused', '', 'Result has no member Refused'],
  ['an interface that is gone', ' implements Node', '', 'Shipment does not implement Node'],
  ['a field that is gone', ' create(input: Create!): Result', '', 'Query.create is missing'],
  [
    'a field of another type',
    '[Document!]',
    '[Document]',
    'Shipment.documents is [Document], the contract says [Document!]',
  ],
  [
    'a field that became certain',
    '): Shipment ',
    '): Shipment! ',
    'Query.shipment is Shipment!, the contract says Shipment',
  ],
  ['an argument that is gone', ', after: String', '', 'Shipment.documents(after:) is missing'],
  [
    'an argument of another type',
    'shipment(id: ID!)',
    'shipment(id: ID)',
    'Query.shipment(id:) is ID, the contract says ID!',
  ],
  ['a required argument more', '(id: ID!)', '(id: ID!, at: String!)', 'Query.shipment(at:) was added and is required'],
  [
    'a required input field more',
    'number: String!',
    'number: String! at: String!',
    'Create.at was added and is required',
  ],
  ['an input field that is gone', 'status: Status }', '}', 'Create.status is missing'],
  ['an enum value that is gone', 'DRAFT ', '', 'Status has no value DRAFT'],
  ['an enum value more', 'DRAFT ', 'DRAFT LOST ', 'Status has a value LOST that the contract has not'],
  ['another kind of type', 'enum Status { DRAFT SENT }', 'scalar Status', 'Status is another kind of type'],
])('%s departs from a contract', (_, from, to, departure) => {
  expect(departures(from, to)).toEqual([departure])
})

test('a change that would break a client is found, and one that would not is let through', async () => {
  expect(await breakingChanges(contract, contract.replace('number: String!', 'number: String'))).toEqual([])
  expect(
    await breakingChanges(contract, contract.replace('shipment(id: ID!): Shipment', 'shipment(id: ID!): Document')),
  ).toHaveLength(1)
})

test('the published API contains the contract', () => {
  const read = (name: string) =>
    buildSchema(readFileSync(join(import.meta.dirname, '../../graph-schema', name), 'utf8'))
  expect(departuresFrom(read('contract.graphql'), read('api.graphql'))).toEqual([])
})
