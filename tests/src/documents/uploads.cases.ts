import { request } from 'node:http'
import { beforeAll, expect, test } from 'vitest'
import { finalStages, listDocuments, settled, signUp, type ApiClient } from '../client.ts'
import { askDatabase, listBlobs } from '../inside.ts'
import type { Passerelle } from '../passerelle.ts'

/** Bytes on their way in: broken off, sent twice, and documents that change their mind while they are read. */
export function uploadCases(house: Passerelle): void {
  let client: ApiClient
  beforeAll(async () => {
    client = await signUp(house.url)
  })

  test('an upload that breaks off keeps nothing, and the same link takes the file afterwards', async () => {
    const bytes = Buffer.alloc(200_000, 'Un texte qui se répète. ')
    const before = await listBlobs(house)
    const { url, id } = await announce(client, 'coupure.txt', bytes.length)
    for (const share of [0, 0.01, 0.5, 0.99])
      await sendPart(new URL(url, house.url), bytes, Math.floor(bytes.length * share))
    await expect.poll(async () => (await listBlobs(house)).filter((path) => !before.includes(path))).toEqual([])
    expect(await stageOf(client, id)).toBe('WAITING')
    expect((await fetch(new URL(url, house.url), { method: 'PUT', body: bytes })).status).toBe(200)
    await settled(client)
    expect(await stageOf(client, id)).toBe('READY')
  })

  test('a file that is sent several times at once is one document, and every provisional id leads to its end', async () => {
    const bytes = new TextEncoder().encode('Le même bordereau, déposé cinq fois.\n')
    const { totalCount } = await count(client)
    const announced = await Promise.all(
      Array.from({ length: 5 }, (_, index) => announce(client, `copie-${index}.txt`, bytes.length)),
    )
    const socket = client.socket()
    const ends = announced.map(
      ({ id }) =>
        new Promise<string>((resolve, reject) => {
          const query = `subscription ($id: ID!) { documentProgress(id: $id) { id status { stage } } }`
          const stop = socket.subscribe<{ documentProgress: { id: string; status: { stage: string } } }>(
            { query, variables: { id } },
            {
              next({ data }) {
                if (!data || !finalStages.includes(data.documentProgress.status.stage)) return
                stop()
                resolve(`${data.documentProgress.id} ${data.documentProgress.status.stage}`)
              },
              error: (error) => reject(new Error(JSON.stringify(error))),
              complete() {},
            },
          )
        }),
    )
    const answers = await Promise.all(
      announced.map(
        async ({ url }) =>
          (await fetch(new URL(url, house.url), { method: 'PUT', body: bytes })).json() as Promise<{
            documentId: string
          }>,
      ),
    )
    const [holder, ...others] = new Set(answers.map(({ documentId }) => documentId))
    expect(others).toEqual([])
    expect(new Set(await Promise.all(ends))).toEqual(new Set([`${holder} READY`]))
    for (const { id } of announced) expect(await idOf(client, id)).toBe(holder)
    expect((await count(client)).totalCount).toBe(totalCount + 1)
    await socket.dispose()
  })

  test('documents that are deleted, cancelled and read anew while they are read end as they were last told', async () => {
    const text = (index: number) => new TextEncoder().encode(`${index} `.repeat(40_000))
    const ids = await Promise.all(
      Array.from({ length: 9 }, (_, index) => client.upload(`change-${index}.txt`, text(index))),
    )
    const told = ['deleteDocument', 'cancelIngestion', 'reprocessDocument'] as const
    for (const [index, id] of ids.entries()) {
      await client.ask(`mutation ($id: ID!) { ${told[index % 3]}(id: $id) { __typename } }`, { id })
      await new Promise((resolve) => setTimeout(resolve, 30 * index))
    }
    const states = new Map((await settled(client)).map(({ id, status }) => [id, status.stage]))
    // What was told to stop may have been ready by then.
    const expected: (string | undefined)[][] = [[undefined], ['CANCELLED', 'READY'], ['READY']]
    expect(ids.map((id, index) => expected[index % 3]?.includes(states.get(id)))).toEqual(ids.map(() => true))
    await expect.poll(() => strays(house), { timeout: 20_000 }).toEqual([])
    expect((await listDocuments(client)).length).toBe(states.size)
  })
}

async function announce(client: ApiClient, filename: string, size: number): Promise<{ url: string; id: string }> {
  const { createUpload } = await client.ask<{ createUpload: { url: string; document: { id: string } } }>(
    `mutation ($input: CreateUploadInput!) { createUpload(input: $input) { ... on Upload { url document { id } } } }`,
    { input: { filename, size } },
  )
  return { url: createUpload.url, id: createUpload.document.id }
}

/** Sends the first bytes of a body and breaks the connection. */
function sendPart(url: URL, bytes: Buffer, length: number): Promise<void> {
  return new Promise((resolve) => {
    const sending = request(url, { method: 'PUT', headers: { 'content-length': bytes.length } })
    sending.on('error', () => {}).on('close', resolve)
    sending.flushHeaders()
    sending.write(bytes.subarray(0, length), () => setTimeout(() => sending.destroy(), 30))
  })
}

async function stageOf(client: ApiClient, id: string): Promise<string> {
  const { document } = await client.ask<{ document: { status: { stage: string } } }>(
    `query ($id: ID!) { document(id: $id) { status { stage } } }`,
    { id },
  )
  return document.status.stage
}

async function idOf(client: ApiClient, id: string): Promise<string> {
  const { document } = await client.ask<{ document: { id: string } }>(`query ($id: ID!) { document(id: $id) { id } }`, {
    id,
  })
  return document.id
}

async function count(client: ApiClient): Promise<{ totalCount: number }> {
  const { documents } = await client.ask<{ documents: { totalCount: number } }>('{ documents { totalCount } }')
  return documents
}

/** Traces of documents that are not READY any more, in every store that a database can tell of. */
function strays(house: Passerelle): Promise<unknown[]> {
  return askDatabase(
    house,
    `with ready as (select id from documents.document where stage = 'READY' and same_as is null)
     select 'point' as what, document_id from platform.vector_point where document_id not in (select id from ready)
     union all select 'chunk', document_id from documents.chunk where document_id not in (select id from ready)
     union all select 'mention', document_id from documents.mention where document_id not in (select id from ready)
     union all select 'chunk without point', id from documents.chunk where id not in (select id from platform.vector_point)`,
  )
}
