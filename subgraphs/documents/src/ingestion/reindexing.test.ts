import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestViewer } from '@passerelle/platform/subgraph/testing'
import { openTestDocuments, type TestDocuments } from '../documents.testing.ts'
import { reindex } from './reindexing.ts'

let town: TestDocuments
/** Documents whose points cannot be written. */
const broken = new Set<string>()
/** Those whose points were taken over as they were. */
const kept: string[] = []

beforeAll(async () => {
  town = await openTestDocuments(async ({ vectors }) => ({
    vectors: {
      ...vectors,
      replaceDocument: (organizationId, collection, document) =>
        broken.has(document.documentId)
          ? Promise.reject(new Error('This does not fit.'))
          : vectors.replaceDocument(organizationId, collection, document),
      renewal: {
        ...vectors.renewal,
        carryOver: (_organizationId, _collection, documentId) => Promise.resolve(kept.push(documentId) > 0),
      },
    },
  }))
})

afterAll(() => town.close())

test('the index is made again also when one document cannot be written: that one keeps its points', async () => {
  const { platform, read, client } = town
  const viewer = createTestViewer()
  const { organizationId } = viewer
  const whole = await read(viewer, 'un.txt', 'La grue cendrée passe en novembre.')
  const odd = await read(viewer, 'deux.txt', 'La grue demoiselle passe en avril.')
  broken.add(odd)
  await reindex.ask(platform, organizationId, 'all')
  await expect.poll(() => reindex.remaining(platform, organizationId), { timeout: 40_000 }).toBe(0)
  expect(kept).toEqual([odd])
  await reindex.settle(platform, organizationId)
  const { search } = await client.data<{ search: { nodes: { chunk: { document: { id: string } } }[] } }>(
    viewer,
    '{ search(query: "grue") { nodes { chunk { document { id } } } } }',
  )
  expect(search.nodes.map(({ chunk }) => chunk.document.id).toSorted()).toEqual([whole, odd].toSorted())
})
