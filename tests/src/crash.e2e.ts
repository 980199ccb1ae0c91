import { readFile, readdir } from 'node:fs/promises'
import { request } from 'node:http'
import { afterAll, expect, test } from 'vitest'
import { createApiClient, listDocuments, logIn, settled, signUp, type ApiClient } from './client.ts'
import { askDatabase, listBlobs } from './inside.ts'
import { preparePasserelle, surprises } from './passerelle.ts'

const samples = new URL('../samples/business/', import.meta.url)
const house = await preparePasserelle({ PASSERELLE_DEMO: 'off' })

afterAll(() => house.remove())

// Kept small here; the counts are settings so that the long run of the release notes is this same test.
const kills = Number(process.env.PASSERELLE_TEST_KILLS ?? 4)
const copies = Number(process.env.PASSERELLE_TEST_COPIES ?? 12)
const scans = Number(process.env.PASSERELLE_TEST_SCANS ?? 1)

test('whenever everything is killed during an ingestion, every document ends READY once, with nothing twice and nothing lost', async () => {
  await house.start()
  const account = { email: `crash.${Date.now()}@exemple.fr`, password: 'un long mot de passe' }
  await signUpAs(account)
  const names = await chooseFiles()
  const sending = await enter(account)
  const ids = await Promise.all(
    names.map(async (name, index) =>
      sending.upload(`${index}-${name}`, withTail(await readFile(new URL(name, samples)), index)),
    ),
  )
  expect(new Set(ids).size).toBe(names.length)
  for (let kill = 0; kill < kills; kill++) {
    await new Promise((resolve) => setTimeout(resolve, 200 + Math.random() * 1500))
    await house.kill()
    await house.start()
  }
  const client = await enter(account)
  const states = await settled(client)
  expect(states.filter(({ status }) => status.stage !== 'READY')).toEqual([])
  expect(states.map(({ id }) => id).toSorted()).toEqual(ids.toSorted())
  await expectSearchable(client, ids)
  await expectSameAsItsLikes(names, ids)
  await expectGraphWhole(client, ids)
  await expectNothingLeftOver(ids)
  expect(surprises(house)).toEqual([])
})

test('an upload that a kill cuts short leaves no bytes, its link still takes the file, and a session that had ended stays ended', async () => {
  const [client, gone] = [await signUp(house.url), await signUp(house.url)]
  await gone.ask('mutation { logOut { __typename } }')
  const before = await listBlobs(house)
  const bytes = Buffer.alloc(5_000_000, 'Un long texte. ')
  const { createUpload } = await client.ask<{ createUpload: { url: string; document: { id: string } } }>(
    `mutation ($size: Float!) { createUpload(input: { filename: "long.txt", size: $size }) { ... on Upload { url document { id } } } }`,
    { size: bytes.length },
  )
  const sending = request(new URL(createUpload.url, house.url), {
    method: 'PUT',
    headers: { 'content-length': bytes.length },
  })
  sending.on('error', () => {}).write(bytes.subarray(0, 3_000_000))
  await expect.poll(async () => (await listBlobs(house)).length).toBe(before.length + 1)
  await house.kill()
  await house.start()
  expect(await listBlobs(house)).toEqual(before)
  expect((await fetch(new URL(createUpload.url, house.url), { method: 'PUT', body: bytes })).status).toBe(200)
  const returned = createApiClient(house.url, client.token)
  expect((await listDocuments(returned)).map(({ id }) => id)).toEqual([createUpload.document.id])
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${gone.token}` }
  expect(
    (await fetch(`${house.url}/graphql`, { method: 'POST', headers, body: '{"query":"{ viewer { scopes } }"}' }))
      .status,
  ).toBe(401)
})

/** Printed papers in turn, and the last few as photographs. */
async function chooseFiles(): Promise<string[]> {
  const all = (await readdir(samples)).sort()
  const inTurn = (extension: string, count: number): string[] => {
    const files = all.filter((name) => name.endsWith(extension))
    return Array.from({ length: count }, (_, index) => files[index % files.length] ?? '')
  }
  return [...inTurn('.pdf', copies - scans), ...inTurn('.jpg', scans)]
}

async function signUpAs(account: { email: string; password: string }): Promise<void> {
  await createApiClient(house.url, null).ask(
    `mutation ($email: String!, $password: String!) { signUp(email: $email, password: $password, name: "Ada", organizationName: "Fret Nord") { __typename } }`,
    account,
  )
}

async function enter({ email, password }: { email: string; password: string }): Promise<ApiClient> {
  const client = await logIn(house.url, email, password)
  if (!client) throw new Error('The account is lost.')
  return client
}

/** The same paper as other bytes: PDF and JPEG may carry something after their end. */
function withTail(bytes: Buffer, index: number): Buffer {
  return Buffer.concat([bytes, Buffer.from(`\n% copy ${index}\n`)])
}

/** Each document has its chunks once and is found once. */
async function expectSearchable(client: ApiClient, ids: readonly string[]): Promise<void> {
  expect((await listDocuments(client)).length).toBe(ids.length)
  for (const id of ids) {
    const { document } = await client.ask<{
      document: { chunks: { nodes: { index: number; text: string }[]; totalCount: number } }
    }>(`query ($id: ID!) { document(id: $id) { chunks(first: 100) { totalCount nodes { index text } } } }`, { id })
    const { nodes, totalCount } = document.chunks
    expect(nodes.map(({ index }) => index)).toEqual([...nodes.keys()])
    expect(totalCount).toBeGreaterThan(0)
    const { search } = await client.ask<{ search: { nodes: { chunk: { index: number } }[] } }>(
      `query ($query: String!, $id: ID!) { search(query: $query, mode: SPARSE, filter: { documentIds: [$id] }, first: 100) { nodes { chunk { index } } } }`,
      { query: nodes[0]?.text.slice(0, 300) ?? '', id },
    )
    expect(new Set(search.nodes.map(({ chunk }) => chunk.index)).size).toBe(search.nodes.length)
    expect(search.nodes.length).toBeGreaterThan(0)
  }
}

interface Shape {
  id: string
  pages: number
  chunks: number
  points: number
  mentions: number
  relations: number
  attempts: number
}

/** Copies of one paper have the same pages, chunks, points, mentions and relations, however often their reading was cut short. */
async function expectSameAsItsLikes(names: readonly string[], ids: readonly string[]): Promise<void> {
  const shapes = await askDatabase<Shape>(
    house,
    `select id, attempts,
       (select count(*)::int from documents.page where document_id = document.id) as pages,
       (select count(*)::int from documents.chunk where document_id = document.id) as chunks,
       (select count(*)::int from platform.vector_point where document_id = document.id) as points,
       (select count(*)::int from documents.mention where document_id = document.id) as mentions,
       (select count(*)::int from documents.relation where document_id = document.id) as relations
     from documents.document as document`,
  )
  const byName = Map.groupBy(ids.keys(), (index) => names[index] ?? '')
  for (const [name, places] of byName) {
    const likes = places
      .map((index) => shapes.find(({ id }) => id === ids[index]))
      .map((shape) => shape && { ...shape, id: name })
    expect(likes).toEqual(likes.map(() => likes[0]))
  }
  expect(shapes.filter(({ chunks, points, attempts }) => chunks !== points || attempts !== 0)).toEqual([])
}

/** The graph has each document's entities once, as the mentions say. */
async function expectGraphWhole(client: ApiClient, ids: readonly string[]): Promise<void> {
  const rows = await askDatabase<{ document_id: string; entities: number }>(
    house,
    'select document_id, count(distinct entity_id)::int as entities from documents.mention group by 1',
  )
  for (const id of ids) {
    const { document } = await client.ask<{ document: { entities: { totalCount: number } } }>(
      `query ($id: ID!) { document(id: $id) { entities { totalCount } } }`,
      { id },
    )
    expect(document.entities.totalCount).toBe(rows.find((row) => row.document_id === id)?.entities ?? 0)
  }
}

/** As many blobs as documents and none half written; no job that still waits; no fact that a consumer gave up. */
async function expectNothingLeftOver(ids: readonly string[]): Promise<void> {
  expect(await listBlobs(house)).toHaveLength(ids.length)
  const jobs = () =>
    askDatabase(
      house,
      `select id from jobs.job where name = 'documents.ingest' and state in ('created', 'retry', 'active')`,
    )
  await expect.poll(jobs, { timeout: 10_000 }).toEqual([])
  expect(await askDatabase(house, 'select * from platform.fact_failure')).toEqual([])
  expect(
    await askDatabase(house, 'select id from documents.document where same_as is not null or hash is null'),
  ).toEqual([])
}
