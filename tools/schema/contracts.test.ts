import { buildSchema } from 'graphql'
import { expect, test } from 'vitest'
import { breakingChanges } from './breaking.ts'
import { CompositionFailed } from './compose.ts'
import { composeContract, untellable } from './contracts.ts'
import { spreadTags } from './tags.ts'

const head = `schema @link(url: "https://specs.apollo.dev/federation/v2.6", import: ["@key", "@external", "@shareable", "@inaccessible", "@tag"]) { query: Query }`

const parcels = `${head}
  type Query {
    parcel(id: ID!, filter: Filter, owner: ID @tag(name: "house")): Parcel @tag(name: "partner")
    report: Report
  }
  input Filter { status: Status label: Label secret: Secret @tag(name: "house") }
  input Label { text: String! }
  input Secret { word: String! }
  enum Status { MADE SENT }
  scalar Moment
  interface Node { id: ID! }
  type Parcel implements Node @key(fields: "id") { id: ID! status: Status! @tag(name: "partner") madeAt: Moment! @tag(name: "partner") cost: Float! linkKeys: [String!]! @inaccessible }
  type Report implements Node { id: ID! text: String! }
`
const papers = `${head}
  type Query { papers: [Paper!]! }
  interface Node { id: ID! }
  type Paper { title: String! }
  type Parcel @key(fields: "id") { id: ID! @external papers: [Paper!]! note: String @tag(name: "partner") }
`

const contractOf = (...sdls: string[]): string =>
  composeContract(spreadTags(new Map(sdls.map((sdl, index) => [`s${index}`, sdl])), ['client', 'partner']), 'partner')

test('a contract holds what is tagged, what that is made of, and nothing else', () => {
  const schema = buildSchema(contractOf(parcels, papers))
  const fieldsOf = (name: string): string[] => {
    const type = schema.getType(name)
    return type && 'getFields' in type ? Object.keys(type.getFields()).toSorted() : []
  }
  expect(fieldsOf('Query')).toEqual(['parcel'])
  expect(
    schema
      .getQueryType()
      ?.getFields()
      .parcel?.args.map(({ name }) => name),
  ).toEqual(['filter', 'id'])
  expect(fieldsOf('Parcel')).toEqual(['id', 'madeAt', 'note', 'status'])
  expect(fieldsOf('Filter')).toEqual(['label', 'status'])
  expect(fieldsOf('Node')).toEqual(['id'])
  const names = Object.keys(schema.getTypeMap()).filter((name) => !name.startsWith('__'))
  expect(names.toSorted()).toEqual([
    'Boolean',
    'Filter',
    'ID',
    'Label',
    'Moment',
    'Node',
    'Parcel',
    'Query',
    'Status',
    'String',
  ])
})

test('a field that answers with a type of which nothing is tagged cannot be in a contract', () => {
  const forgotten = parcels.replace('report: Report', 'report: Report @tag(name: "partner")')
  expect(() => contractOf(forgotten)).toThrow(CompositionFailed)
})

test('a union or an interface that can answer with something that its callers do not see is told', () => {
  const api = buildSchema(`type Query { find: Hit any: Node } union Hit = A | B interface Node { id: ID! }
    type A implements Node { id: ID! } type B implements Node { id: ID! }`)
  const partner = buildSchema(`type Query { find: Hit any: Node } union Hit = A interface Node { id: ID! }
    type A implements Node { id: ID! }`)
  expect(untellable(api, partner)).toEqual([
    'Hit has a member B that is not in the contract',
    'Node has a type B that is not in the contract',
  ])
  expect(untellable(api, api)).toEqual([])
})

test('a field that is taken from partners breaks them, although everybody else still has it', async () => {
  const now = contractOf(parcels, papers)
  const later = contractOf(parcels.replace('status: Status! @tag(name: "partner")', 'status: Status!'), papers)
  expect(await breakingChanges(now, later)).toEqual(["Field 'status' was removed from object type 'Parcel'"])
})

test('two contracts of one graph hold each what is tagged for it', () => {
  const both = parcels
    .replace('status: Status! @tag(name: "partner")', 'status: Status! @tag(name: "partner") @tag(name: "client")')
    .replace('report: Report', 'report(of: Moment): Parcel @tag(name: "client")')
  const sdls = spreadTags(
    new Map([
      ['s0', both],
      ['s1', papers],
    ]),
    ['partner', 'client'],
  )
  const [partner, client] = ['partner', 'client'].map((tag) => buildSchema(composeContract(sdls, tag)))
  const fieldsOf = (schema: typeof partner, name: string): string[] => {
    const type = schema?.getType(name)
    return type && 'getFields' in type ? Object.keys(type.getFields()).toSorted() : []
  }
  expect([fieldsOf(partner, 'Query'), fieldsOf(partner, 'Parcel')]).toEqual([
    ['parcel'],
    ['id', 'madeAt', 'note', 'status'],
  ])
  expect([fieldsOf(client, 'Query'), fieldsOf(client, 'Parcel')]).toEqual([['report'], ['id', 'status']])
  expect([client?.getType('Moment'), client?.getType('Filter')]).toEqual([expect.anything(), undefined])
})
