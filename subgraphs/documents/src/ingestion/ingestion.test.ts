import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestViewer } from '@passerelle/platform/subgraph/testing'
import { openTestDocuments, type TestDocuments } from '../documents.testing.ts'

let town: TestDocuments

beforeAll(async () => {
  town = await openTestDocuments()
})

afterAll(() => town.close())

function sample(path: string): Promise<Buffer> {
  return readFile(new URL(`../../../../tests/samples/${path}`, import.meta.url))
}

test('a PDF is read: every step is heard in order, and its pages, words and chunks are there', async () => {
  const viewer = createTestViewer()
  const { id } = await town.upload(viewer, 'facture.pdf', await sample('business/docfr-facture-00.pdf'))
  const heard = await town.steps(viewer, id)
  expect(heard.map(({ stage }) => stage).filter((stage, index, all) => stage !== all[index - 1])).toEqual([
    'STORING',
    'EXTRACTING',
    'CHUNKING',
    'INDEXING',
    'LINKING',
    'READY',
  ])
  expect(heard.map(({ progress }) => progress)).toEqual(heard.map(({ progress }) => progress).toSorted((a, b) => a - b))
  const { document } = await town.client.data<{ document: { page: { words: { text: string }[] } } }>(
    viewer,
    `query ($id: ID!) { document(id: $id) { title filename contentType language pageCount
      page(number: 1) { text recognized words { text box { x y width height } } } missing: page(number: 2) { number }
      chunks { totalCount nodes { page tokenCount boxes { page } } } } }`,
    { id },
  )
  expect(document).toMatchObject({
    title: 'facture',
    filename: 'facture.pdf',
    contentType: 'application/pdf',
    language: 'fr',
    pageCount: 1,
  })
  expect(document).toMatchObject({
    missing: null,
    page: { recognized: false },
    chunks: { totalCount: 1, nodes: [{ page: 1 }] },
  })
  expect(document.page.words.map((word) => word.text)).toContain('737,13')
})

test('an encrypted PDF fails with PASSWORD_REQUIRED, and what cannot be recognised with UNSUPPORTED_TYPE', async () => {
  const viewer = createTestViewer()
  const locked = await town.upload(viewer, 'secret.pdf', await sample('odd-pdfs/synth__enc_aes256_user.pdf'))
  expect((await town.steps(viewer, locked.id)).at(-1)).toMatchObject({
    stage: 'FAILED',
    error: { code: 'PASSWORD_REQUIRED' },
  })
  const program = Buffer.from([0x4d, 0x5a, 0x90, 0, 3, 0, 0, 0, 4, 0, 0, 0, 255, 255, 0, 0, 184, 0])
  const unknown = await town.upload(viewer, 'programme.exe', program)
  expect((await town.steps(viewer, unknown.id)).at(-1)).toMatchObject({
    stage: 'FAILED',
    error: { code: 'UNSUPPORTED_TYPE' },
  })
})

test('a reading that is cancelled leaves nothing to find, and the same bytes sent again are read', async () => {
  const { platform, mutate, statusOf } = town
  const viewer = createTestViewer()
  const text = 'Les loutres nagent dans la Loire. SIREN 732 829 320.'
  const id = await town.read(viewer, 'loutres.txt', text)
  await mutate(viewer, 'reprocessDocument', id)
  await mutate(viewer, 'cancelIngestion', id)
  expect(await statusOf(viewer, id)).toMatchObject({ stage: 'CANCELLED' })
  await expect.poll(() => platform.vectors.count(viewer.organizationId, 'chunks')).toBe(0)
  await expect.poll(() => platform.graph.countEntitiesOfDocument(viewer.organizationId, { documentId: id })).toBe(0)
  const again = await town.upload(viewer, 'loutres-encore.txt', text)
  expect(again.id).toBe(id)
  await expect.poll(async () => (await statusOf(viewer, again.provisionalId)).stage, { timeout: 20_000 }).toBe('READY')
  expect(await platform.vectors.count(viewer.organizationId, 'chunks')).toBe(1)
})

test('however often a document is read anew at once, it ends READY with its passages once', async () => {
  const viewer = createTestViewer()
  const id = await town.read(viewer, 'castors.txt', 'Les castors construisent un barrage.')
  for (let turn = 0; turn < 4; turn++) {
    await town.mutate(viewer, 'reprocessDocument', id)
    await new Promise((resolve) => setTimeout(resolve, turn * 40))
  }
  await expect.poll(async () => (await town.statusOf(viewer, id)).stage, { timeout: 20_000 }).toBe('READY')
  const { document, search } = await town.client.data<{
    document: { chunks: { nodes: { id: string }[] } }
    search: { nodes: { chunk: { id: string } }[] }
  }>(
    viewer,
    `query ($id: ID!) { document(id: $id) { chunks { nodes { id } } } search(query: "castors") { nodes { chunk { id } } } }`,
    { id },
  )
  expect(document.chunks.nodes).toHaveLength(1)
  expect(search.nodes.map(({ chunk }) => chunk.id)).toEqual(document.chunks.nodes.map((chunk) => chunk.id))
  expect(await town.platform.vectors.count(viewer.organizationId, 'chunks')).toBe(1)
})

test('a document read anew is the same document, found once', async () => {
  const viewer = createTestViewer()
  const id = await town.read(viewer, 'encore.txt', 'Les hérissons traversent la route.')
  const { cursor } = await town.statusOf(viewer, id)
  await town.mutate(viewer, 'reprocessDocument', id)
  const heard = await town.steps(viewer, id, cursor)
  expect(heard[0]).toMatchObject({ stage: 'STORING' })
  expect(heard.filter(({ stage }) => stage === 'READY')).toHaveLength(1)
  const found = await town.client.data<{ search: { nodes: object[] } }>(
    viewer,
    `{ search(query: "hérissons") { nodes { score } } }`,
  )
  expect(found.search.nodes).toHaveLength(1)
})

test('a document whose file is gone fails at once, and is read when the same bytes come again', async () => {
  const viewer = createTestViewer()
  const text = 'Les cigognes nichent sur les cheminées.'
  const id = await town.read(viewer, 'cigognes.txt', text)
  const { cursor } = await town.statusOf(viewer, id)
  await town.platform.blobs.remove(viewer.organizationId, createHash('sha256').update(text).digest('hex'))
  await town.mutate(viewer, 'reprocessDocument', id)
  const heard = await town.steps(viewer, id, cursor)
  expect(heard.map(({ stage }) => stage)).toEqual(['STORING', 'EXTRACTING', 'FAILED'])
  expect(heard.at(-1)?.error).toEqual({ code: 'UNREADABLE' })
  const tries = await town.platform.database.asOwner('select attempts from documents.document where id = $1', [id])
  expect(tries).toEqual([{ attempts: 0 }])
  expect((await town.upload(viewer, 'encore.txt', text)).id).toBe(id)
  await expect.poll(async () => (await town.statusOf(viewer, id)).stage, { timeout: 20_000 }).toBe('READY')
})
