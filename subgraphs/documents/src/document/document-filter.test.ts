import { afterAll, beforeAll, expect, test } from 'vitest'
import { entityId } from '@passerelle/platform/identifiers'
import type { Viewer } from '@passerelle/platform/schema'
import { createTestViewer } from '@passerelle/platform/subgraph/testing'
import { openTestDocuments, type TestDocuments } from '../documents.testing.ts'

let town: TestDocuments
let viewer: Viewer
let stranger: Viewer
/** Documents: `both` names the two companies, `north` and `south` one each, twice. */
const ids = { both: '', north: '', south: '' }
const collections = { first: '', second: '' }

const north = 'SIREN 732 829 320'
const south = 'SIREN 552 100 554'
const entityOf = (of: Viewer, siren: string): string =>
  entityId({ organizationId: of.organizationId, type: 'IDENTIFIER', kind: 'SIREN', key: siren })

beforeAll(async () => {
  town = await openTestDocuments()
  viewer = createTestViewer()
  stranger = createTestViewer()
  ids.both = await town.read(viewer, 'both.txt', `Le pélican livre ${north} et ${south}.`)
  ids.north = await town.read(viewer, 'north.txt', `Le pélican livre ${north}. Il revient chez ${north}.`)
  ids.south = await town.read(viewer, 'south.txt', `Le pélican livre ${south}.`)
  await town.read(stranger, 'strange.txt', `Le pélican livre ${north} ailleurs.`)
  collections.first = await collect('Une', [ids.both, ids.north])
  collections.second = await collect('Autre', [ids.south])
})

afterAll(() => town.close())

async function collect(name: string, documentIds: readonly string[]): Promise<string> {
  const { made } = await town.client.data<{ made: { id: string } }>(
    viewer,
    `mutation ($name: String!) { made: createCollection(name: $name) { ... on Collection { id } } }`,
    { name },
  )
  await town.client.data(
    viewer,
    `mutation ($id: ID!, $ids: [ID!]!) { addToCollection(collectionId: $id, documentIds: $ids) { __typename } }`,
    { id: made.id, ids: documentIds },
  )
  return made.id
}

type Filter = Record<string, unknown>

interface Found {
  search: {
    nodes: { chunk: { document: { title: string } } }[]
    pageInfo: { endCursor: string | null; hasNextPage: boolean }
  }
}

/** The titles a search finds, page by page, one passage a page: a page that came short would end it early. */
async function found(of: Viewer, filter: Filter): Promise<string[]> {
  const titles: string[] = []
  for (let after: string | null = null; ;) {
    const { search }: Found = await town.client.data<Found>(
      of,
      `query ($filter: SearchFilter, $after: String) { search(query: "pélican", filter: $filter, first: 1, after: $after) {
        nodes { chunk { document { title } } } pageInfo { endCursor hasNextPage } } }`,
      { filter, after },
    )
    titles.push(...search.nodes.map(({ chunk }) => chunk.document.title))
    expect(search.nodes.length).toBe(search.pageInfo.endCursor === null ? 0 : 1)
    if (!search.pageInfo.hasNextPage) return titles.sort()
    after = search.pageInfo.endCursor
  }
}

async function listed(of: Viewer, { collectionIds, entityIds }: Filter): Promise<string[]> {
  const { documents } = await town.client.data<{ documents: { nodes: { title: string }[] } }>(
    of,
    `query ($collectionIds: [ID!], $entityIds: [ID!]) { documents(collectionIds: $collectionIds, entityIds: $entityIds, orderBy: TITLE_ASC) { nodes { title } } }`,
    { collectionIds, entityIds },
  )
  return documents.nodes.map(({ title }) => title)
}

test('search and list keep to collections and to documents that mention all of some entities', async () => {
  const [a, b] = [entityOf(viewer, '732829320'), entityOf(viewer, '552100554')]
  const cases: [Filter, string[]][] = [
    [{}, ['both', 'north', 'south']],
    [{ collectionIds: [collections.first] }, ['both', 'north']],
    [{ collectionIds: [collections.first, collections.second] }, ['both', 'north', 'south']],
    [{ collectionIds: [] }, []],
    [{ entityIds: [a] }, ['both', 'north']],
    [{ entityIds: [b, b] }, ['both', 'south']],
    [{ entityIds: [a, b] }, ['both']],
    [{ entityIds: [a, 'ent_none'] }, []],
    [{ entityIds: [] }, []],
    [{ entityIds: [b], collectionIds: [collections.first] }, ['both']],
  ]
  for (const [filter, titles] of cases) {
    expect([filter, await found(viewer, filter)]).toEqual([filter, titles])
    expect([filter, await listed(viewer, filter)]).toEqual([filter, titles])
  }
  expect(await found(viewer, { collectionIds: [collections.first], documentIds: [ids.north, ids.south] })).toEqual([
    'north',
  ])
  expect(await found(viewer, { entityIds: [a], createdBefore: '2020-01-01T00:00:00Z' })).toEqual([])
})

test('the collections and entities of another organisation find nothing', async () => {
  const theirs = entityOf(stranger, '732829320')
  expect(await found(stranger, { entityIds: [theirs] })).toEqual(['strange'])
  const cases: [Viewer, Filter][] = [
    [viewer, { entityIds: [theirs] }],
    [stranger, { entityIds: [entityOf(viewer, '732829320')] }],
    [stranger, { collectionIds: [collections.first] }],
  ]
  for (const [of, filter] of cases) expect([await found(of, filter), await listed(of, filter)]).toEqual([[], []])
})

test('a filter of too many collections or entities is refused', async () => {
  const many = (count: number) => Array.from({ length: count }, (_none, index) => `"x_${index}"`).join()
  for (const [filter, path] of [
    [`collectionIds: [${many(101)}]`, 'collectionIds'],
    [`entityIds: [${many(21)}]`, 'entityIds'],
  ] as const) {
    for (const text of [
      `{ documents(${filter}) { totalCount } }`,
      `{ search(query: "a", filter: { ${filter} }) { mode } }`,
    ]) {
      const { errors } = await town.client.ask(viewer, text)
      expect([path, errors[0]?.extensions?.code]).toEqual([path, 'BAD_USER_INPUT'])
    }
  }
})
