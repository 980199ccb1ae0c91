import { createTestViewer } from '@passerelle/platform/subgraph/testing'
import type { Viewer } from '@passerelle/platform/schema'
import { rowsOf } from '@passerelle/platform/sql'
import type { Limited } from '@passerelle/platform/usage/reading'
import { readCounters } from '@passerelle/platform/usage/reading'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestDocuments, type TestDocuments } from '../documents.testing.ts'

let town: TestDocuments

beforeAll(async () => {
  town = await openTestDocuments()
})

afterAll(() => town.close())

async function viewerWith(limits: Partial<Record<Limited, number>>): Promise<Viewer> {
  const viewer = createTestViewer()
  await town.platform.sql.withOrganization(viewer, async (tx) => {
    for (const [metric, plan] of Object.entries(limits))
      await rowsOf(tx, 'insert into platform.usage_limit (organization_id, metric, plan) values ($1, $2, $3)', [
        viewer.organizationId,
        metric,
        plan,
      ])
  })
  return viewer
}

function announce(viewer: Viewer, filename: string, size: number) {
  return town.client.data<{ createUpload: { __typename: string; limit?: number; used?: number } }>(
    viewer,
    `mutation ($input: CreateUploadInput!) { createUpload(input: $input) { __typename ... on QuotaExceeded { limit used } } }`,
    { input: { filename, size } },
  )
}

test('of forty files announced at once, as many as the plan has documents for are taken', async () => {
  const viewer = await viewerWith({ documents: 7 })
  const answers = await Promise.all(Array.from({ length: 40 }, (_, index) => announce(viewer, `${index}.txt`, 10)))
  const taken = answers.filter(({ createUpload }) => createUpload.__typename === 'Upload')
  expect(taken).toHaveLength(7)
  expect(await town.client.data(viewer, '{ documents { totalCount } }')).toEqual({ documents: { totalCount: 7 } })
})

test('bytes that would be more than the plan has room for are refused before they are sent', async () => {
  const viewer = await viewerWith({ storageBytes: 1_000 })
  expect(await announce(viewer, 'a.txt', 900)).toEqual({ createUpload: { __typename: 'Upload' } })
  expect(await announce(viewer, 'b.txt', 101)).toEqual({
    createUpload: { __typename: 'QuotaExceeded', limit: 1_000, used: 900 },
  })
  expect(await announce(viewer, 'c.txt', 100)).toEqual({ createUpload: { __typename: 'Upload' } })
})

test('a document that is deleted leaves its room to another, and the same bytes again take none', async () => {
  const viewer = await viewerWith({ documents: 2 })
  const first = await town.read(viewer, 'a.txt', 'Le premier texte.')
  const again = await town.upload(viewer, 'encore.txt', 'Le premier texte.')
  expect(again.id).toBe(first)
  expect(await announce(viewer, 'b.txt', 10)).toEqual({ createUpload: { __typename: 'Upload' } })
  expect(await announce(viewer, 'c.txt', 10)).toMatchObject({ createUpload: { __typename: 'QuotaExceeded' } })
  await town.client.data(viewer, 'mutation ($id: ID!) { deleteDocument(id: $id) { __typename } }', { id: first })
  expect(await announce(viewer, 'c.txt', 10)).toEqual({ createUpload: { __typename: 'Upload' } })
})

test('pages are counted once for a reading, and a document that would be too many says so', async () => {
  const viewer = await viewerWith({ pages: 1 })
  await town.read(viewer, 'une-page.txt', 'Une page.')
  const used = await town.platform.sql.withOrganization(viewer, readCounters)
  expect(used.get('pages')).toEqual({ used: 1, held: 0 })
  const { id } = await town.upload(viewer, 'une-autre.txt', 'Une autre page.')
  expect((await town.steps(viewer, id)).at(-1)).toMatchObject({ stage: 'FAILED' })
  expect(
    await town.client.data(viewer, 'query ($id: ID!) { document(id: $id) { status { error { code } } } }', { id }),
  ).toEqual({ document: { status: { error: { code: 'QUOTA_EXCEEDED' } } } })
  expect((await town.platform.sql.withOrganization(viewer, readCounters)).get('pages')).toEqual({ used: 1, held: 0 })
})
