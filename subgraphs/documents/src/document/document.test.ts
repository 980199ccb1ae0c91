import { afterAll, beforeAll, expect, test } from 'vitest'
import { verifyUrl } from '@passerelle/platform/blobs/signed-url'
import { scopesOf, type Viewer } from '@passerelle/platform/schema'
import { createTestViewer } from '@passerelle/platform/subgraph/testing'
import { openTestDocuments, type TestDocuments } from '../documents.testing.ts'

let town: TestDocuments

beforeAll(async () => {
  town = await openTestDocuments()
})

afterAll(() => town.close())

test('a deleted document is gone from the list, the search, the index and the graph', async () => {
  const { client, platform } = town
  const viewer = createTestViewer()
  const text = 'Ce texte unique parle de girafes. SIREN 732 829 320.'
  const id = await town.read(viewer, 'adieu.txt', text)
  await town.mutate(viewer, 'deleteDocument', id)
  const seen = await client.data(
    viewer,
    `query ($id: ID!) { document(id: $id) { id } documents { totalCount } search(query: "girafes") { nodes { score } } }`,
    { id },
  )
  expect(seen).toEqual({ document: null, documents: { totalCount: 0 }, search: { nodes: [] } })
  const { organizationId } = viewer
  for (const consumer of ['documents.cleanup', 'documents.graph']) {
    const at = { organizationId, position: await platform.facts.head(organizationId) }
    expect(await platform.facts.reached(consumer, at, { timeoutMs: 10_000 })).toBe(true)
  }
  expect(await platform.vectors.count(organizationId, 'chunks')).toBe(0)
  expect(await platform.graph.countEntities(organizationId, {})).toBe(0)
  expect(await town.isKept(viewer, text)).toBe(false)
})

test('a finished document cannot be cancelled, and a viewer cannot delete', async () => {
  const viewer = createTestViewer()
  const id = await town.read(viewer, 'fini.txt', 'Terminé.')
  expect(await town.mutate(viewer, 'cancelIngestion', id)).toEqual({ __typename: 'InvalidInput' })
  const reader: Viewer = { ...viewer, roles: ['VIEWER'], scopes: scopesOf(['VIEWER']) }
  expect(await town.mutate(reader, 'deleteDocument', id)).toEqual({ __typename: 'NotAllowed' })
})

test('who may write documents and not read them reads none by having it read again', async () => {
  const viewer = createTestViewer()
  const id = await town.read(viewer, 'muet.txt', 'Un secret de la maison.')
  const writer: Viewer = { ...viewer, scopes: ['document:write'] }
  const again = (fields: string) =>
    town.client.ask(
      writer,
      `mutation ($id: ID!) { reprocessDocument(id: $id) { ... on DocumentReprocessing { document { id ${fields} } } } }`,
      { id },
    )
  const document = { id, fileUrl: null, page: null, collections: [] }
  const link = await again('fileUrl page(number: 1) { text } collections { id }')
  expect(link.data).toEqual({ reprocessDocument: { document } })
  expect(link.errors).toMatchObject([
    { path: [expect.anything(), 'document', 'fileUrl'], extensions: { code: 'FORBIDDEN' } },
  ])
  const passages = await again('chunks { nodes { text } }')
  expect(JSON.stringify(passages.data)).not.toContain('secret')
  expect(passages.errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }])
})

test('the link to a file is for that file', async () => {
  const viewer = createTestViewer()
  const id = await town.read(viewer, 'lien.txt', 'Un lien.')
  const query = `query ($id: ID!) { document(id: $id) { fileUrl } }`
  const { document } = await town.client.data<{ document: { fileUrl: string } }>(viewer, query, { id })
  expect(verifyUrl({ key: town.platform.keys.fileKey, url: document.fileUrl, purpose: 'file' })).toMatchObject({
    subjectId: id,
  })
})
