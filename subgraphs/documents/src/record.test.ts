import { Readable } from 'node:stream'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Viewer } from '@passerelle/platform/schema'
import type { Work } from '@passerelle/platform/subgraph'
import { createTestClient, createTestViewer, openTestPlatform, type TestClient, type TestPlatform } from '@passerelle/platform/subgraph/testing'
import { createDocument } from './document.ts'
import { documents } from './index.ts'
import { createUpload, receiveUpload } from './upload.ts'
import { verifyUrl } from '@passerelle/platform/blobs/signed-url'

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

async function read(viewer: Viewer, filename: string, text: string): Promise<string> {
  const bytes = Buffer.from(text)
  const document = await createDocument(platform, viewer, { filename, size: bytes.length })
  const claims = verifyUrl({ key: platform.keys.fileKey, url: createUpload(platform, document, viewer.userId).url, purpose: 'upload' })
  if (!claims) throw new Error('The link does not hold.')
  await receiveUpload(platform, claims, Readable.from([bytes]))
  const ready = async () => (await client.ask<{ document: { status: { stage: string } } }>(viewer, `query ($id: ID!) { document(id: $id) { status { stage } } }`, { id: document.id })).data.document.status.stage
  await expect.poll(ready, { timeout: 30_000, interval: 50 }).toBe('READY')
  return document.id
}

/** What the gateway asks for a record that another subgraph owns. */
async function documentsOf(viewer: Viewer, linkKeys: string[]): Promise<string[]> {
  const { data, errors } = await client.ask<{ _entities: { documents: { totalCount: number; nodes: { id: string }[] } }[] }>(
    viewer,
    `query ($record: _Any!) { _entities(representations: [$record]) { ... on Shipment { documents { totalCount nodes { id } } } } }`,
    { record: { __typename: 'Shipment', id: 'shp_x', linkKeys } },
  )
  expect(errors).toEqual([])
  const found = data._entities[0]?.documents
  expect(found?.totalCount).toBe(found?.nodes.length)
  return found?.nodes.map(({ id }) => id) ?? []
}

test('a record finds its documents by identifier, by name, and by a tracking number that no rule knows', async () => {
  const [viewer, other] = [createTestViewer(), createTestViewer()]
  const labelled = await read(viewer, 'suivi.txt', 'Votre colis. N° de suivi : 6A54740512216. Merci de votre confiance.')
  const bare = await read(viewer, 'note.txt', 'Le transporteur annonce PSR-2026-00417 pour demain matin.')
  const named = await read(viewer, 'lettre.txt', 'Transports Durand SARL\n12 rue des Lilas, 44000 Nantes\n\nMadame, Monsieur, veuillez trouver notre offre.')
  expect(await documentsOf(viewer, ['TRACKING_NUMBER:6A54740512216'])).toEqual([labelled])
  expect(await documentsOf(viewer, ['TRACKING_NUMBER:PSR202600417'])).toEqual([bare])
  expect(await documentsOf(viewer, ['NAME:transports durand'])).toEqual([named])
  expect(await documentsOf(viewer, ['SIREN:732829320'])).toEqual([])
  expect(await documentsOf(viewer, [])).toEqual([])
  expect(await documentsOf(other, ['TRACKING_NUMBER:6A54740512216', 'TRACKING_NUMBER:PSR202600417', 'NAME:transports durand'])).toEqual([])
})
