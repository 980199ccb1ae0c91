import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Sql } from '@passerelle/platform/sql'
import { createTestClient, createTestViewer } from '@passerelle/platform/subgraph/testing'
import type { Viewer } from '@passerelle/platform/schema'
import { openTestDocuments, type TestDocuments } from '../documents.testing.ts'
import { documents } from '../index.ts'

let town: TestDocuments

beforeAll(async () => {
  town = await openTestDocuments()
})

afterAll(() => town.close())

interface Listed {
  nodes: { title: string }[]
  totalCount: number
  pageInfo: { endCursor: string; hasNextPage: boolean }
}

async function list(viewer: Viewer, args: string): Promise<Listed> {
  const text = `{ documents(${args}) { nodes { title } totalCount pageInfo { endCursor hasNextPage } } }`
  return (await town.client.data<{ documents: Listed }>(viewer, text)).documents
}

/** The titles of every page of the list. */
async function titles(viewer: Viewer, args: string): Promise<string[]> {
  const found: string[] = []
  for (let after = ''; ;) {
    const { nodes, pageInfo } = await list(viewer, `${args} ${after && `after: "${after}"`}`)
    found.push(...nodes.map(({ title }) => title))
    if (!pageInfo.hasNextPage) return found
    after = pageInfo.endCursor
  }
}

async function announceAll(viewer: Viewer, names: readonly string[]): Promise<void> {
  for (const name of names) await town.announce(viewer, `${name}.pdf`, 10)
}

test('every order goes through all documents once, page by page', async () => {
  const viewer = createTestViewer()
  await announceAll(viewer, ['b', 'a', 'é', 'A', 'c'])
  expect(await titles(viewer, 'first: 2')).toEqual(['c', 'A', 'é', 'a', 'b'])
  expect(await titles(viewer, 'first: 2, orderBy: CREATED_ASC')).toEqual(['b', 'a', 'é', 'A', 'c'])
  expect(await titles(viewer, 'first: 2, orderBy: TITLE_ASC')).toEqual(['a', 'A', 'b', 'c', 'é'])
})

test('a document is found by part of its title or file name, whatever the case and the accents', async () => {
  const viewer = createTestViewer()
  await announceAll(viewer, ['Élagage des mûriers', 'Facture INV/2023/59255', 'Lettre'])
  for (const search of ['elagage', 'ÉLAGAGE', 'muriers élagage', 'elagage des muriers.PDF'])
    expect(await list(viewer, `search: "${search}"`)).toMatchObject({
      nodes: [{ title: 'Élagage des mûriers' }],
      totalCount: 1,
    })
  expect((await list(viewer, 'search: "59255"')).nodes).toEqual([{ title: '59255' }])
  expect((await list(viewer, 'search: "%"')).totalCount).toBe(0)
})

test('a list keeps to its stages and its bounds', async () => {
  const viewer = createTestViewer()
  await announceAll(viewer, ['a', 'b'])
  expect((await list(viewer, 'stages: [WAITING]')).totalCount).toBe(2)
  expect((await list(viewer, 'stages: [FAILED, READY]')).nodes).toEqual([])
  expect((await list(viewer, 'stages: []')).nodes).toEqual([])
  const byTitle = await list(viewer, 'first: 1, orderBy: TITLE_ASC')
  for (const args of [
    'first: 101',
    'first: 0',
    `search: "${'x'.repeat(201)}"`,
    `after: "${byTitle.pageInfo.endCursor}"`,
  ]) {
    const { errors } = await town.client.ask(viewer, `{ documents(${args}) { totalCount nodes { id } } }`)
    expect(errors[0]?.extensions?.code).toBe('BAD_USER_INPUT')
  }
})

test('however many documents a list has, their pages and stages are not asked for one by one', async () => {
  const viewer = createTestViewer()
  await announceAll(
    viewer,
    Array.from({ length: 20 }, (_, index) => `${index}`),
  )
  let transactions = 0
  const sql: Sql = {
    ...town.platform.sql,
    withOrganization(scope, work) {
      transactions++
      return town.platform.sql.withOrganization(scope, work)
    },
  }
  const { documents: found } = await createTestClient({ ...town.platform, sql }, documents).data<{
    documents: { nodes: object[] }
  }>(
    viewer,
    `{ documents { nodes { title status { stages { stage } } first: page(number: 1) { text } second: page(number: 2) { text } } } }`,
  )
  expect(found.nodes).toHaveLength(20)
  expect(transactions).toBe(3)
})
