import { Readable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Viewer } from '@passerelle/platform/schema'
import { createTestViewer } from '@passerelle/platform/subgraph/testing'
import { storeBytes, sweepArrivals } from '../document/document-bytes.ts'
import { openTestDocuments, type TestDocuments } from '../documents.testing.ts'

let town: TestDocuments

beforeAll(async () => {
  town = await openTestDocuments()
})

afterAll(() => town.close())

test('the same bytes are one document, also when they arrive at the same moment; provisional ids mean it', async () => {
  const { client, steps, upload } = town
  const viewer = createTestViewer()
  const both = await Promise.all([upload(viewer, 'a.txt', 'Le même texte.'), upload(viewer, 'b.txt', 'Le même texte.')])
  expect(new Set(both.map(({ id }) => id)).size).toBe(1)
  for (const { provisionalId, id } of both) {
    const { document } = await client.data<{ document: { id: string } }>(
      viewer,
      `query ($id: ID!) { document(id: $id) { id } }`,
      {
        id: provisionalId,
      },
    )
    expect(document.id).toBe(id)
    expect((await steps(viewer, provisionalId)).at(-1)?.stage).toBe('READY')
  }
  expect(await client.data(viewer, `{ documents { totalCount } }`)).toEqual({ documents: { totalCount: 1 } })
})

test('a link that is used twice at once takes the bytes once', async () => {
  const viewer = createTestViewer()
  const announced = await town.announce(viewer, 'deux-fois.txt', 10)
  const claims = town.claimsOf(announced)
  const answers = await Promise.all([town.send(claims, '0123456789'), town.send(claims, '0123456789')])
  expect(answers).toEqual([{ documentId: announced.document.id }, { documentId: announced.document.id }])
  expect((await town.steps(viewer, announced.document.id)).at(-1)?.stage).toBe('READY')
  expect(await town.client.data(viewer, `{ documents { nodes { id } } }`)).toEqual({
    documents: { nodes: [{ id: announced.document.id }] },
  })
})

test('of two files sent at once to one link, one is taken and nothing is kept of the other', async () => {
  const viewer = createTestViewer()
  const announced = await town.announce(viewer, 'lequel.txt', 10)
  const claims = town.claimsOf(announced)
  const files = ['abcdefghij', 'ABCDEFGHIJ']
  const answers = await Promise.allSettled(files.map((text) => town.send(claims, text)))
  expect(answers.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
  expect((await Promise.all(files.map((text) => town.isKept(viewer, text)))).filter(Boolean)).toHaveLength(1)
})

test('the same bytes of two organisations are two documents, and neither sees the other’s', async () => {
  const { client, read } = town
  const [mine, other] = [createTestViewer(), createTestViewer()]
  const id = await read(mine, 'prix.txt', 'Le tarif confidentiel est de 42 euros.')
  const theirs = await read(other, 'prix.txt', 'Le tarif confidentiel est de 42 euros.')
  expect(theirs).not.toBe(id)
  const seen = await client.data(
    other,
    `query ($id: ID!) { document(id: $id) { id } search(query: "tarif confidentiel") { nodes { chunk { document { id } } } } }`,
    { id },
  )
  expect(seen).toEqual({ document: null, search: { nodes: [{ chunk: { document: { id: theirs } } }] } })
  await expect(
    client.subscribe(other, `subscription ($id: ID!) { documentProgress(id: $id) { id } }`, { id }),
  ).rejects.toThrow()
  for (const mutation of ['deleteDocument', 'reprocessDocument', 'cancelIngestion'] as const)
    expect(await town.mutate(other, mutation, id)).toEqual({ __typename: 'NotFound' })
})

test.each([
  ['an empty file', { filename: 'vide.txt', size: 0 }, 'size'],
  ['a file over 50 MB', { filename: 'gros.pdf', size: 50_000_001 }, 'size'],
  ['a file without a name', { filename: ' / ', size: 10 }, 'filename'],
])('%s is refused before its bytes are sent', async (_what, { filename, size }, path) => {
  expect(await town.announce(createTestViewer(), filename, size)).toMatchObject({
    __typename: 'InvalidInput',
    path: [path],
  })
})

test('a name is taken without its folders', async () => {
  const viewer = createTestViewer()
  const { document } = await town.announce(viewer, '../../etc/passwd\u0000.txt', 3)
  const query = `query ($id: ID!) { document(id: $id) { filename title fileUrl status { stage } } }`
  expect(await town.client.data(viewer, query, { id: document.id })).toEqual({
    document: { filename: 'passwd.txt', title: 'passwd', fileUrl: null, status: { stage: 'WAITING' } },
  })
})

test('bytes that stop short are refused and may be sent again', async () => {
  const viewer = createTestViewer()
  const announced = await town.announce(viewer, 'coupure.txt', 20)
  const claims = town.claimsOf(announced)
  await expect(town.send(claims, 'court')).rejects.toMatchObject({ code: 'INCOMPLETE' })
  expect(await town.isKept(viewer, 'court')).toBe(false)
  expect(await town.send(claims, 'vingt octets en tout')).toEqual({ documentId: announced.document.id })
  await expect(town.send(claims, 'vingt autres octets.')).rejects.toMatchObject({ code: 'ALREADY_UPLOADED' })
  expect([
    await town.isKept(viewer, 'vingt octets en tout'),
    await town.isKept(viewer, 'vingt autres octets.'),
  ]).toEqual([true, false])
})

test('an upload that was cancelled takes no bytes', async () => {
  const viewer = createTestViewer()
  const announced = await town.announce(viewer, 'annule.txt', 6)
  await town.mutate(viewer, 'cancelIngestion', announced.document.id)
  await expect(town.send(town.claimsOf(announced), 'six ab')).rejects.toMatchObject({ code: 'CANCELLED' })
  expect(await town.isKept(viewer, 'six ab')).toBe(false)
})

describe('bytes that a kill left between storing and claiming', () => {
  const inADay = () => new Date(Date.now() + 24 * 3_600_000)
  const store = (viewer: Viewer, text: string) =>
    storeBytes(town.platform, viewer.organizationId, { bytes: Readable.from([Buffer.from(text)]), maxBytes: 100 })

  test('are swept after a day, in every organisation, and not before', async () => {
    const viewers = [createTestViewer(), createTestViewer()]
    for (const viewer of viewers) await store(viewer, 'jamais réclamé')
    await sweepArrivals(town.platform, new Date(Date.now() - 3_600_000))
    for (const viewer of viewers) expect(await town.isKept(viewer, 'jamais réclamé')).toBe(true)
    await sweepArrivals(town.platform, inADay())
    for (const viewer of viewers) expect(await town.isKept(viewer, 'jamais réclamé')).toBe(false)
  })

  test('are kept when a document has them, whether they came before or after', async () => {
    const viewer = createTestViewer()
    await store(viewer, 'réclamé ensuite')
    await town.upload(viewer, 'ensuite.txt', 'réclamé ensuite')
    await town.upload(viewer, 'avant.txt', 'réclamé avant')
    await store(viewer, 'réclamé avant')
    await sweepArrivals(town.platform, inADay())
    for (const text of ['réclamé ensuite', 'réclamé avant']) expect(await town.isKept(viewer, text)).toBe(true)
  })

  test('are left to an upload of the same bytes that is under way', async () => {
    const viewer = createTestViewer()
    await store(viewer, 'de retour')
    const moment = new Date()
    await store(viewer, 'de retour')
    await sweepArrivals(town.platform, moment)
    expect(await town.isKept(viewer, 'de retour')).toBe(true)
  })
})
