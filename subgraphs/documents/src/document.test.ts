import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { verifyUrl } from '@passerelle/platform/blobs/signed-url'
import type { Viewer } from '@passerelle/platform/schema'
import { scopesOf } from '@passerelle/platform/schema'
import type { Work } from '@passerelle/platform/subgraph'
import { createTestClient, createTestViewer, openTestPlatform, type TestClient, type TestPlatform } from '@passerelle/platform/subgraph/testing'
import { documents } from './index.ts'
import { receiveUpload } from './upload.ts'

let platform: TestPlatform
let client: TestClient
let work: Work | undefined

beforeAll(async () => {
  platform = await openTestPlatform({ sets: [documents.migrations], queues: documents.queues })
  work = await documents.work?.(platform)
  client = createTestClient(platform, documents)
})

afterAll(async () => {
  await work?.stop()
  await platform.close()
})

const invoice = await readFile(new URL('../../../tests/samples/business/docfr-facture-00.pdf', import.meta.url))

interface Announced {
  createUpload: { __typename: string; url: string; path?: string[]; document: { id: string } }
}

async function announce(viewer: Viewer, filename: string, size: number): Promise<Announced['createUpload']> {
  const { data, errors } = await client.ask<Announced>(
    viewer,
    `mutation ($input: CreateUploadInput!) { createUpload(input: $input) { __typename ... on InvalidInput { path } ... on Upload { url document { id } } } }`,
    { input: { filename, size } },
  )
  expect(errors).toEqual([])
  return data.createUpload
}

async function upload(viewer: Viewer, filename: string, bytes: Buffer): Promise<{ id: string; provisionalId: string }> {
  const { url, document } = await announce(viewer, filename, bytes.length)
  const claims = verifyUrl({ key: platform.keys.fileKey, url, purpose: 'upload' })
  if (!claims) throw new Error('The link does not hold.')
  const { documentId } = await receiveUpload(platform, claims, Readable.from([bytes]))
  return { id: documentId, provisionalId: document.id }
}

interface Step {
  stage: string
  progress: number
  cursor: string
  error: { code: string } | null
}

/** Every step of the document from the one after the cursor to its end. */
async function steps(viewer: Viewer, id: string, after: string | null = '0'): Promise<Step[]> {
  const source = await client.subscribe<{ documentProgress: { status: Step } }>(
    viewer,
    `subscription ($id: ID!, $after: String) { documentProgress(id: $id, after: $after) { status { stage progress cursor error { code } } } }`,
    { id, after },
  )
  const heard: Step[] = []
  do heard.push((await source.next()).data.documentProgress.status)
  while (!['READY', 'FAILED', 'CANCELLED'].includes(heard.at(-1)?.stage ?? ''))
  await source.end()
  return heard
}

async function mutate(viewer: Viewer, mutation: string, id: string): Promise<void> {
  const { errors } = await client.ask(viewer, `mutation ($id: ID!) { ${mutation}(id: $id) { __typename } }`, { id })
  expect(errors).toEqual([])
}

async function stageOf(viewer: Viewer, id: string): Promise<string> {
  const { data } = await client.ask<{ document: { status: { stage: string } } }>(viewer, `query ($id: ID!) { document(id: $id) { status { stage } } }`, { id })
  return data.document.status.stage
}

async function isKept({ organizationId }: Viewer, text: string): Promise<boolean> {
  const blob = await platform.blobs.open(organizationId, createHash('sha256').update(text).digest('hex'))
  blob?.stream.destroy()
  return blob !== null
}

async function ready(viewer: Viewer, filename: string, text: string | Buffer): Promise<string> {
  const { id } = await upload(viewer, filename, Buffer.from(text))
  expect((await steps(viewer, id)).at(-1)).toMatchObject({ stage: 'READY', error: null })
  return id
}

test('a PDF is read: every step is heard in order, and its pages, words, chunks and file are there', async () => {
  const viewer = createTestViewer()
  const { id } = await upload(viewer, 'facture.pdf', invoice)
  const heard = await steps(viewer, id)
  expect(heard.map(({ stage }) => stage).filter((stage, index, all) => stage !== all[index - 1])).toEqual([
    'STORING',
    'EXTRACTING',
    'CHUNKING',
    'INDEXING',
    'LINKING',
    'READY',
  ])
  expect(heard.map(({ progress }) => progress)).toEqual(heard.map(({ progress }) => progress).toSorted((a, b) => a - b))
  const { data } = await client.ask<{ document: Record<string, unknown> & { page: { words: { text: string; box: object }[] }; fileUrl: string } }>(
    viewer,
    `query ($id: ID!) { document(id: $id) { title filename contentType language pageCount fileUrl
      page(number: 1) { text recognized words { text box { x y width height } } } missing: page(number: 2) { number }
      chunks { totalCount nodes { page tokenCount boxes { page } } } } }`,
    { id },
  )
  expect(data.document).toMatchObject({ title: 'facture', filename: 'facture.pdf', contentType: 'application/pdf', language: 'fr', pageCount: 1, missing: null })
  expect(data.document).toMatchObject({ page: { recognized: false }, chunks: { totalCount: 1, nodes: [{ page: 1 }] } })
  expect(data.document.page.words.map((word) => word.text)).toContain('737,13')
  expect(verifyUrl({ key: platform.keys.fileKey, url: data.document.fileUrl, purpose: 'file' })).toMatchObject({ subjectId: id })
})

test('a subscriber that continues after a cursor hears exactly the rest', async () => {
  const viewer = createTestViewer()
  const id = await ready(viewer, 'note.txt', 'Un colis part de Nantes.')
  const all = await steps(viewer, id)
  for (const [index, { cursor }] of all.slice(0, -1).entries()) expect(await steps(viewer, id, cursor)).toEqual(all.slice(index + 1))
})

test('the same bytes are one document, also when they arrive at the same moment; provisional ids mean it', async () => {
  const viewer = createTestViewer()
  const both = await Promise.all([upload(viewer, 'a.txt', Buffer.from('Le même texte.')), upload(viewer, 'b.txt', Buffer.from('Le même texte.'))])
  expect(new Set(both.map(({ id }) => id)).size).toBe(1)
  for (const { provisionalId, id } of both) {
    const { data } = await client.ask<{ document: { id: string } }>(viewer, `query ($id: ID!) { document(id: $id) { id } }`, { id: provisionalId })
    expect(data.document.id).toBe(id)
    expect((await steps(viewer, provisionalId)).at(-1)?.stage).toBe('READY')
  }
  const { data } = await client.ask(viewer, `{ documents { totalCount } }`)
  expect(data).toEqual({ documents: { totalCount: 1 } })
})

test('the same bytes of two organisations are two documents, and neither sees the other’s', async () => {
  const [mine, other] = [createTestViewer(), createTestViewer()]
  const id = await ready(mine, 'prix.txt', 'Le tarif confidentiel est de 42 euros.')
  const theirs = await ready(other, 'prix.txt', 'Le tarif confidentiel est de 42 euros.')
  expect(theirs).not.toBe(id)
  const { data } = await client.ask(
    other,
    `query ($id: ID!) { document(id: $id) { id } search(query: "tarif confidentiel") { nodes { chunk { document { id } } } } }`,
    { id },
  )
  expect(data).toEqual({ document: null, search: { nodes: [{ chunk: { document: { id: theirs } } }] } })
  await expect(client.subscribe(other, `subscription ($id: ID!) { documentProgress(id: $id) { id } }`, { id })).rejects.toThrow()
  for (const mutation of ['deleteDocument', 'reprocessDocument', 'cancelIngestion']) {
    const answer = await client.ask<Record<string, object>>(other, `mutation ($id: ID!) { ${mutation}(id: $id) { __typename } }`, { id })
    expect(answer.data[mutation]).toEqual({ __typename: 'NotFound' })
  }
})

test.each([
  ['an empty file', { filename: 'vide.txt', size: 0 }, 'size'],
  ['a file over 50 MB', { filename: 'gros.pdf', size: 50_000_001 }, 'size'],
  ['a file without a name', { filename: ' / ', size: 10 }, 'filename'],
])('%s is refused before its bytes are sent', async (_what, { filename, size }, path) => {
  expect(await announce(createTestViewer(), filename, size)).toMatchObject({ __typename: 'InvalidInput', path: [path] })
})

test('a name is taken without its folders', async () => {
  const viewer = createTestViewer()
  const { document } = await announce(viewer, '../../etc/passwd\u0000.txt', 3)
  const { data } = await client.ask(viewer, `query ($id: ID!) { document(id: $id) { filename title fileUrl status { stage } } }`, { id: document.id })
  expect(data).toEqual({ document: { filename: 'passwd.txt', title: 'passwd', fileUrl: null, status: { stage: 'WAITING' } } })
})

test('bytes that stop short are refused and may be sent again', async () => {
  const viewer = createTestViewer()
  const { url, document } = await announce(viewer, 'coupure.txt', 20)
  const claims = verifyUrl({ key: platform.keys.fileKey, url, purpose: 'upload' })
  if (!claims) throw new Error('The link does not hold.')
  await expect(receiveUpload(platform, claims, Readable.from([Buffer.from('court')]))).rejects.toMatchObject({ code: 'INCOMPLETE' })
  expect(await isKept(viewer, 'court')).toBe(false)
  expect(await receiveUpload(platform, claims, Readable.from([Buffer.from('vingt octets en tout')]))).toEqual({ documentId: document.id })
  await expect(receiveUpload(platform, claims, Readable.from([Buffer.from('vingt autres octets.')]))).rejects.toMatchObject({ code: 'ALREADY_UPLOADED' })
  expect([await isKept(viewer, 'vingt octets en tout'), await isKept(viewer, 'vingt autres octets.')]).toEqual([true, false])
})

test('an upload that was cancelled takes no bytes', async () => {
  const viewer = createTestViewer()
  const { url, document } = await announce(viewer, 'annule.txt', 6)
  const claims = verifyUrl({ key: platform.keys.fileKey, url, purpose: 'upload' })
  if (!claims) throw new Error('The link does not hold.')
  await mutate(viewer, 'cancelIngestion', document.id)
  await expect(receiveUpload(platform, claims, Readable.from([Buffer.from('six ab')]))).rejects.toMatchObject({ code: 'CANCELLED' })
  expect(await isKept(viewer, 'six ab')).toBe(false)
})

test('a reading that is cancelled leaves nothing to find, and the same bytes sent again are read', async () => {
  const viewer = createTestViewer()
  const text = 'Les loutres nagent dans la Loire. SIREN 732 829 320.'
  const id = await ready(viewer, 'loutres.txt', text)
  await mutate(viewer, 'reprocessDocument', id)
  await mutate(viewer, 'cancelIngestion', id)
  expect(await stageOf(viewer, id)).toBe('CANCELLED')
  await expect.poll(() => platform.vectors.count(viewer.organizationId, 'chunks')).toBe(0)
  await expect.poll(() => platform.graph.countEntitiesOfDocument(viewer.organizationId, { documentId: id })).toBe(0)
  const again = await upload(viewer, 'loutres-encore.txt', Buffer.from(text))
  expect(again.id).toBe(id)
  await expect.poll(() => stageOf(viewer, again.provisionalId), { timeout: 20_000 }).toBe('READY')
  expect(await platform.vectors.count(viewer.organizationId, 'chunks')).toBe(1)
})

test('however often a document is read anew at once, it ends READY with its passages once', async () => {
  const viewer = createTestViewer()
  const id = await ready(viewer, 'castors.txt', 'Les castors construisent un barrage.')
  for (let turn = 0; turn < 4; turn++) {
    await mutate(viewer, 'reprocessDocument', id)
    await new Promise((resolve) => setTimeout(resolve, turn * 40))
  }
  await expect.poll(() => stageOf(viewer, id), { timeout: 20_000 }).toBe('READY')
  const { data } = await client.ask<{ document: { chunks: { nodes: { id: string }[] } }; search: { nodes: { chunk: { id: string } }[] } }>(
    viewer,
    `query ($id: ID!) { document(id: $id) { chunks { nodes { id } } } search(query: "castors") { nodes { chunk { id } } } }`,
    { id },
  )
  expect(data.document.chunks.nodes).toHaveLength(1)
  expect(data.search.nodes.map(({ chunk }) => chunk.id)).toEqual(data.document.chunks.nodes.map((chunk) => chunk.id))
  expect(await platform.vectors.count(viewer.organizationId, 'chunks')).toBe(1)
})

test('an encrypted PDF fails with PASSWORD_REQUIRED, and what cannot be recognised with UNSUPPORTED_TYPE', async () => {
  const viewer = createTestViewer()
  const encrypted = await readFile(new URL('../../../tests/samples/odd-pdfs/synth__enc_aes256_user.pdf', import.meta.url))
  const locked = await upload(viewer, 'secret.pdf', encrypted)
  expect((await steps(viewer, locked.id)).at(-1)).toMatchObject({ stage: 'FAILED', error: { code: 'PASSWORD_REQUIRED' } })
  const unknown = await upload(viewer, 'programme.exe', Buffer.from([0x4d, 0x5a, 0x90, 0, 3, 0, 0, 0, 4, 0, 0, 0, 255, 255, 0, 0, 184, 0]))
  expect((await steps(viewer, unknown.id)).at(-1)).toMatchObject({ stage: 'FAILED', error: { code: 'UNSUPPORTED_TYPE' } })
})

test('a deleted document is gone from the list, the search and the blobs', async () => {
  const viewer = createTestViewer()
  const id = await ready(viewer, 'adieu.txt', 'Ce texte unique parle de girafes.')
  await client.ask(viewer, `mutation ($id: ID!) { deleteDocument(id: $id) { __typename } }`, { id })
  const { data } = await client.ask(viewer, `query ($id: ID!) { document(id: $id) { id } documents { totalCount } search(query: "girafes") { nodes { score } } }`, { id })
  expect(data).toEqual({ document: null, documents: { totalCount: 0 }, search: { nodes: [] } })
  const position = await platform.facts.head(viewer.organizationId)
  expect(await platform.facts.reached('documents.cleanup', { organizationId: viewer.organizationId, position }, { timeoutMs: 10_000 })).toBe(true)
  expect(await platform.vectors.count(viewer.organizationId, 'chunks')).toBe(0)
})

test('a document read anew is the same document, found once', async () => {
  const viewer = createTestViewer()
  const id = await ready(viewer, 'encore.txt', 'Les hérissons traversent la route.')
  const { data } = await client.ask<{ reprocessDocument: { document: { status: { cursor: string } } } }>(
    viewer,
    `mutation ($id: ID!) { reprocessDocument(id: $id) { ... on DocumentReprocessing { document { status { stage cursor } } } } }`,
    { id },
  )
  expect(data.reprocessDocument.document.status).toMatchObject({ stage: 'STORING' })
  const heard = await steps(viewer, id, data.reprocessDocument.document.status.cursor)
  expect(heard.filter(({ stage }) => stage === 'READY')).toHaveLength(1)
  const found = await client.ask<{ search: { nodes: object[] } }>(viewer, `{ search(query: "hérissons") { nodes { score } } }`)
  expect(found.data.search.nodes).toHaveLength(1)
})

test('a finished document cannot be cancelled, and a viewer cannot delete', async () => {
  const viewer = createTestViewer()
  const id = await ready(viewer, 'fini.txt', 'Terminé.')
  const cancelled = await client.ask(viewer, `mutation ($id: ID!) { cancelIngestion(id: $id) { __typename } }`, { id })
  expect(cancelled.data).toEqual({ cancelIngestion: { __typename: 'InvalidInput' } })
  const reader: Viewer = { ...viewer, roles: ['VIEWER'], scopes: scopesOf(['VIEWER']) }
  const refused = await client.ask(reader, `mutation ($id: ID!) { deleteDocument(id: $id) { __typename } }`, { id })
  expect(refused.data).toEqual({ deleteDocument: { __typename: 'NotAllowed' } })
})

test('search filters, pages and marks what matched, and says that it searched by words', async () => {
  const viewer = createTestViewer()
  const contract = await ready(viewer, 'contrat.txt', 'La résiliation du contrat se fait par lettre recommandée.')
  await ready(viewer, 'lettre.md', '# Lettre\n\nUne lettre simple suffit pour la résiliation.')
  const { data } = await client.ask<{ search: { mode: string; pageInfo: { hasNextPage: boolean; endCursor: string }; nodes: { highlights: string[] }[] } }>(
    viewer,
    `{ search(query: "lettre de résiliation", first: 1) { mode pageInfo { hasNextPage endCursor } nodes { highlights } } }`,
  )
  expect(data.search).toMatchObject({ mode: 'SPARSE', pageInfo: { hasNextPage: true } })
  expect(data.search.nodes[0]?.highlights.join()).toContain('<em>')
  const rest = await client.ask<{ search: { nodes: object[]; pageInfo: object } }>(
    viewer,
    `query ($after: String) { search(query: "lettre de résiliation", first: 1, after: $after) { pageInfo { hasNextPage } nodes { score } } }`,
    { after: data.search.pageInfo.endCursor },
  )
  expect(rest.data.search).toMatchObject({ pageInfo: { hasNextPage: false }, nodes: [{}] })
  const filtered = await client.ask<{ search: { nodes: { chunk: { document: { id: string } } }[] } }>(
    viewer,
    `{ search(query: "résiliation", filter: { contentTypes: ["text/plain"] }) { nodes { chunk { document { id } } } } none: search(query: "résiliation", filter: { documentIds: [] }) { nodes { score } } }`,
  )
  expect(filtered.data).toEqual({ search: { nodes: [{ chunk: { document: { id: contract } } }] }, none: { nodes: [] } })
  const dense = await client.ask(viewer, `{ search(query: "résiliation", mode: DENSE) { mode } }`)
  expect(dense.errors[0]?.extensions?.code).toBe('ENGINE_UNAVAILABLE')
})

test('lists keep to their bounds and their order', async () => {
  const viewer = createTestViewer()
  for (const name of ['b', 'a', 'c']) await ready(viewer, `${name}.txt`, `Texte ${name}`)
  const list = async (args: string) =>
    (await client.ask<{ documents: { nodes: { title: string }[]; pageInfo: { endCursor: string } } }>(viewer, `{ documents(${args}) { nodes { title } pageInfo { endCursor } } }`)).data.documents
  expect((await list('orderBy: TITLE_ASC')).nodes.map(({ title }) => title)).toEqual(['a', 'b', 'c'])
  const first = await list('first: 2')
  expect(first.nodes.map(({ title }) => title)).toEqual(['c', 'a'])
  expect((await list(`first: 2, after: "${first.pageInfo.endCursor}"`)).nodes.map(({ title }) => title)).toEqual(['b'])
  expect((await list('search: "A.TX"')).nodes.map(({ title }) => title)).toEqual(['a'])
  expect((await list('stages: [FAILED]')).nodes).toEqual([])
  const tooMany = await client.ask(viewer, `{ documents(first: 101) { totalCount } }`)
  expect(tooMany.errors[0]?.extensions?.code).toBe('BAD_USER_INPUT')
})
