import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { expect } from 'vitest'
import { verifyUrl, type UrlClaims } from '@passerelle/platform/blobs/signed-url'
import type { Viewer } from '@passerelle/platform/schema'
import type { Platform } from '@passerelle/platform/subgraph'
import {
  createTestClient,
  openTestPlatform,
  type TestClient,
  type TestPlatform,
} from '@passerelle/platform/subgraph/testing'
import { documents } from './index.ts'
import { receiveUpload } from './uploads/upload.ts'

export interface Announced {
  __typename: string
  url: string
  path?: string[]
  document: { id: string }
}

/** A step of a document, as a subscriber hears it. */
export interface Step {
  stage: string
  progress: number
  cursor: string
  degraded: string[]
  error: { code: string } | null
}

/** The documents subgraph at work on real engines, and what most tests do with it. */
export interface TestDocuments {
  platform: TestPlatform
  client: TestClient
  announce(viewer: Viewer, filename: string, size: number): Promise<Announced>
  /** What an upload's link says. */
  claimsOf(upload: Announced): UrlClaims
  send(claims: UrlClaims, text: string | Buffer): Promise<{ documentId: string }>
  /** `id` is the document that holds the bytes, `provisionalId` the one that was announced. */
  upload(viewer: Viewer, filename: string, text: string | Buffer): Promise<{ id: string; provisionalId: string }>
  /** Every step of the document from the one after the cursor to its end. */
  steps(viewer: Viewer, id: string, after?: string | null): Promise<Step[]>
  /** Uploads a text and waits until it is READY. */
  read(viewer: Viewer, filename: string, text: string | Buffer): Promise<string>
  statusOf(viewer: Viewer, id: string): Promise<Step>
  mutate(
    viewer: Viewer,
    mutation: 'deleteDocument' | 'reprocessDocument' | 'cancelIngestion',
    id: string,
  ): Promise<object>
  /** Whether these bytes are in the organisation's files. */
  isKept(viewer: Viewer, text: string): Promise<boolean>
  close(): Promise<void>
}

const statusFields = 'stage progress cursor degraded error { code }'

/** Opens it, with some engines replaced by what `replace` makes of the real ones. */
export async function openTestDocuments(
  replace: (platform: TestPlatform) => Promise<Partial<Platform>> = () => Promise.resolve({}),
): Promise<TestDocuments> {
  const platform = await openTestPlatform({ sets: [documents.migrations], queues: documents.queues })
  Object.assign(platform, await replace(platform))
  const work = await documents.work?.(platform)
  const client = createTestClient(platform, documents)

  const town: TestDocuments = {
    platform,
    client,
    async announce(viewer, filename, size) {
      const { createUpload } = await client.data<{ createUpload: Announced }>(
        viewer,
        `mutation ($input: CreateUploadInput!) { createUpload(input: $input) {
          __typename ... on InvalidInput { path } ... on Upload { url document { id } } } }`,
        { input: { filename, size } },
      )
      return createUpload
    },
    claimsOf({ url }) {
      const claims = verifyUrl({ key: platform.keys.fileKey, url, purpose: 'upload' })
      if (!claims) throw new Error('The link does not hold.')
      return claims
    },
    send: (claims, text) => receiveUpload(platform, claims, Readable.from([Buffer.from(text)])),
    async upload(viewer, filename, text) {
      const announced = await town.announce(viewer, filename, Buffer.byteLength(text))
      const { documentId } = await town.send(town.claimsOf(announced), text)
      return { id: documentId, provisionalId: announced.document.id }
    },
    async steps(viewer, id, after = '0') {
      const source = await client.subscribe<{ documentProgress: { status: Step } }>(
        viewer,
        `subscription ($id: ID!, $after: String) { documentProgress(id: $id, after: $after) { status { ${statusFields} } } }`,
        { id, after },
      )
      const heard: Step[] = []
      do heard.push((await source.next()).data.documentProgress.status)
      while (!['READY', 'FAILED', 'CANCELLED'].includes(heard.at(-1)?.stage ?? ''))
      await source.end()
      return heard
    },
    async read(viewer, filename, text) {
      const { id } = await town.upload(viewer, filename, text)
      expect((await town.steps(viewer, id)).at(-1)).toMatchObject({ stage: 'READY', error: null })
      return id
    },
    async statusOf(viewer, id) {
      const query = `query ($id: ID!) { document(id: $id) { status { ${statusFields} } } }`
      return (await client.data<{ document: { status: Step } }>(viewer, query, { id })).document.status
    },
    async mutate(viewer, mutation, id) {
      const text = `mutation ($id: ID!) { ${mutation}(id: $id) { __typename } }`
      return (await client.data<Record<string, object>>(viewer, text, { id }))[mutation] ?? {}
    },
    async isKept({ organizationId }, text) {
      const blob = await platform.blobs.open(organizationId, createHash('sha256').update(text).digest('hex'))
      blob?.stream.destroy()
      return blob !== null
    },
    async close() {
      await work?.stop()
      await platform.close()
    },
  }
  return town
}
