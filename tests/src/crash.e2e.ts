import { readFile, readdir } from 'node:fs/promises'
import { afterAll, expect, test } from 'vitest'
import { listDocuments, logIn, settled, signUp, type ApiClient } from './client.ts'
import { preparePasserelle } from './passerelle.ts'

const samples = new URL('../samples/business/', import.meta.url)
const house = await preparePasserelle({ PASSERELLE_DEMO: 'off' })

afterAll(() => house.remove())

// Kept small here; the counts are settings so that the long run of the release notes is this same test.
const kills = Number(process.env.PASSERELLE_TEST_KILLS ?? 4)
const copies = Number(process.env.PASSERELLE_TEST_COPIES ?? 12)

test('whenever everything is killed during an ingestion, every document ends READY once, with nothing twice and nothing lost', async () => {
  await house.start()
  const account = { email: `crash.${Date.now()}@exemple.fr`, password: 'un long mot de passe' }
  await signUpAs(account)
  let client = await enter(account)
  const files = (await readdir(samples)).filter((name) => name.endsWith('.pdf')).sort()
  const uploads = []
  for (let index = 0; index < copies; index++) {
    const name = files[index % files.length] ?? ''
    uploads.push(client.upload(`${index}-${name}`, withTail(await readFile(new URL(name, samples)), index)))
  }
  const ids = new Set(await Promise.all(uploads))
  expect(ids.size).toBe(copies)
  for (let kill = 0; kill < kills; kill++) {
    await new Promise((resolve) => setTimeout(resolve, 200 + Math.random() * 1500))
    await house.kill()
    await house.start()
  }
  client = await enter(account)
  const states = await settled(client)
  expect(states.filter(({ status }) => status.stage !== 'READY')).toEqual([])
  expect(new Set(states.map(({ id }) => id))).toEqual(ids)
  await expectWhole(client, [...ids])
})

async function signUpAs({ email, password }: { email: string; password: string }): Promise<void> {
  const anonymous = await signUp(house.url)
  await anonymous.ask(
    `mutation ($email: String!, $password: String!) { signUp(email: $email, password: $password, name: "Ada", organizationName: "Fret Nord") { __typename } }`,
    { email, password },
  )
}

async function enter({ email, password }: { email: string; password: string }): Promise<ApiClient> {
  const client = await logIn(house.url, email, password)
  if (!client) throw new Error('The account is lost.')
  return client
}

/** The same paper as other bytes: a PDF may carry a comment after its end. */
function withTail(bytes: Buffer, index: number): Buffer {
  return Buffer.concat([bytes, Buffer.from(`\n% copy ${index}\n`)])
}

/** Each document has its chunks once, its mentions once and is found once. */
async function expectWhole(client: ApiClient, ids: readonly string[]): Promise<void> {
  expect((await listDocuments(client)).length).toBe(ids.length)
  for (const id of ids) {
    const { document } = await client.ask<{ document: { pageCount: number; chunks: { nodes: { index: number; text: string }[]; totalCount: number } } }>(
      `query ($id: ID!) { document(id: $id) { pageCount chunks(first: 100) { totalCount nodes { index text } } } }`,
      { id },
    )
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
