import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { createSubject, subjectInput, type ErasureChoice } from '@passerelle/platform/privacy'
import type { Viewer } from '@passerelle/platform/schema'
import { createTestViewer } from '@passerelle/platform/subgraph/testing'
import { openTestDocuments, type TestDocuments } from '../documents.testing.ts'
import { personalData } from './personal-data.ts'

let town: TestDocuments

beforeAll(async () => {
  town = await openTestDocuments()
})
afterAll(() => town.close())

const letter = `Compte rendu de visite

Madame Zoé Canari nous a reçus à Lyon le 3 mars 2026. Elle demande une livraison le matin.
Écrire à zoe@canari.example ou appeler le 06 12 34 56 78.

Le chauffeur, Monsieur Paul Durand, a confirmé le rendez-vous avec la société Transports Bleus SARL.`
const invoice = `FACTURE n° F-2026-118

Facture
Date de facture : 03/03/2026
Client : Mme Zoé Canari
Total TTC : 120,00 €`

const person = { names: ['Zoé Canari'], emails: ['zoe@canari.example'], phones: ['0612345678'] }
const signal = AbortSignal.timeout(300_000)

function requestOf({ organizationId }: Viewer, choice: ErasureChoice) {
  return { organizationId, subject: createSubject(organizationId, subjectInput.parse(person)), choice, signal }
}

async function found(viewer: Viewer, query: string): Promise<string[]> {
  const text =
    'query ($query: String!) { search(query: $query, mode: SPARSE, first: 10) { nodes { chunk { document { id } } } } }'
  const { search } = await town.client.data<{ search: { nodes: { chunk: { document: { id: string } } }[] } }>(
    viewer,
    text,
    {
      query,
    },
  )
  return search.nodes.map(({ chunk }) => chunk.document.id)
}

/** Everything that the tables of documents and the index have of an organisation, as text. */
async function dump({ organizationId }: Viewer): Promise<string> {
  const tables = [
    'documents.document',
    'documents.page',
    'documents.chunk',
    'documents.mention',
    'documents.collection',
    'platform.vector_posting',
    'platform.vector_terms',
    'platform.fact',
  ]
  const rows = await Promise.all(
    tables.map((table) =>
      town.platform.database.asOwner<{ line: string }>(
        `select row_to_json(held)::text as line from ${table} as held where organization_id = $1`,
        [organizationId],
      ),
    ),
  )
  return rows
    .flat()
    .map(({ line }) => line)
    .join('\n')
}

async function storesOf(viewer: Viewer): Promise<Record<string, number>> {
  const held = await personalData.find(town.platform, requestOf(viewer, 'REDACT_MENTIONS'))
  return Object.fromEntries(held.map(({ store, ids, kept }) => [kept ? `${store} ${kept}` : store, ids.length]))
}

test('a person is found in every store that documents write to, in one organisation alone', async () => {
  const [viewer, other] = [createTestViewer(), createTestViewer()]
  await town.read(viewer, 'visite.txt', letter)
  await town.read(other, 'visite.txt', letter)
  const stores = await storesOf(viewer)
  expect(stores).toMatchObject({ 'documents.document': 1, 'documents.page': 1, 'blobs.file': 1 })
  expect(stores['documents.mention']).toBeGreaterThan(0)
  expect(stores['search.point']).toBeGreaterThan(0)
  expect(await storesOf(createTestViewer())).toEqual({})
})

test('documents that name the person are deleted with all that was made of them', async () => {
  const [viewer, other] = [createTestViewer(), createTestViewer()]
  await town.read(viewer, 'visite.txt', letter)
  const foreign = await town.read(other, 'visite.txt', letter)
  const kept = await town.read(viewer, 'autre.txt', 'La société Transports Bleus SARL livre à Lyon.')
  await personalData.erase(town.platform, requestOf(viewer, 'DELETE_DOCUMENTS'))
  expect(await storesOf(viewer)).toEqual({})
  expect(await town.isKept(viewer, letter)).toBe(false)
  expect(await found(viewer, 'Transports Bleus')).toEqual([kept])
  expect(await found(other, 'Canari')).toEqual([foreign])
  expect(await town.isKept(other, letter)).toBe(true)
  expect(await dump(viewer)).not.toMatch(/canar|612345678|12 34 56/i)
})

test('or they stay, with the person covered in all that was made of them, and their file is gone', async () => {
  const viewer = createTestViewer()
  const id = await town.read(viewer, 'Zoé Canari.txt', letter)
  for (const name of ['Zoé Canari', 'ZOÉ CANARI, suite', 'Zoe Canari']) {
    const text = 'mutation ($name: String!) { createCollection(name: $name) { __typename } }'
    await town.client.data(viewer, text, { name })
  }
  await personalData.erase(town.platform, requestOf(viewer, 'REDACT_MENTIONS'))
  await vi.waitFor(async () => expect(await storesOf(viewer)).toEqual({}), { timeout: 60_000, interval: 100 })
  expect(await found(viewer, 'Canari')).toEqual([])
  expect(await found(viewer, 'rendez-vous Durand')).toEqual([id])
  expect(await town.isKept(viewer, letter)).toBe(false)
  expect(await dump(viewer)).not.toMatch(/canar|612345678|12 34 56/i)
  const text = 'query ($id: ID!) { document(id: $id) { title fileUrl page(number: 1) { text } } }'
  const { document } = await town.client.data<{
    document: { title: string; fileUrl: string | null; page: { text: string } }
  }>(viewer, text, { id })
  expect(document.title).toBe('███ ██████')
  expect(document.fileUrl).toBeNull()
  expect(document.page.text).toContain('Madame ███ ██████ nous a reçus à Lyon')
  expect(await town.mutate(viewer, 'reprocessDocument', id)).toMatchObject({ __typename: 'NotFound' })
  const entities = await town.platform.graph.listEntities(viewer.organizationId, { after: null, limit: 100 })
  await vi.waitFor(
    async () =>
      expect(
        JSON.stringify(await town.platform.graph.listEntities(viewer.organizationId, { after: null, limit: 100 })),
      ).not.toMatch(/canari/i),
    { timeout: 60_000, interval: 100 },
  )
  expect(entities.length).toBeGreaterThan(0)
})

test('an invoice is covered whatever was chosen, and its file is kept where nobody reads it, because the law asks for it', async () => {
  const viewer = createTestViewer()
  const id = await town.read(viewer, 'facture.txt', invoice)
  expect(await storesOf(viewer)).toMatchObject({ 'blobs.file LEGAL_RETENTION': 1 })
  await personalData.erase(town.platform, requestOf(viewer, 'DELETE_DOCUMENTS'))
  await vi.waitFor(async () => expect(await storesOf(viewer)).toEqual({}), { timeout: 60_000, interval: 100 })
  expect(await town.isKept(viewer, invoice)).toBe(true)
  const { document } = await town.client.data<{ document: { fileUrl: string | null } }>(
    viewer,
    'query ($id: ID!) { document(id: $id) { fileUrl } }',
    { id },
  )
  expect(document.fileUrl).toBeNull()
  expect(await dump(viewer)).not.toMatch(/canar/i)
})

test('an erasure that runs again changes nothing more', async () => {
  const viewer = createTestViewer()
  const id = await town.read(viewer, 'visite.txt', letter)
  await personalData.erase(town.platform, requestOf(viewer, 'REDACT_MENTIONS'))
  await personalData.erase(town.platform, requestOf(viewer, 'REDACT_MENTIONS'))
  await vi.waitFor(async () => expect(await storesOf(viewer)).toEqual({}), { timeout: 60_000, interval: 100 })
  expect(await found(viewer, 'rendez-vous Durand')).toEqual([id])
})

test('what is known is taken along: documents, the places that name the person, and the files', async () => {
  const viewer = createTestViewer()
  await town.read(viewer, 'visite.txt', letter)
  const files = new Map<string, string>()
  const request = { ...requestOf(viewer, 'REDACT_MENTIONS'), clientIds: [] }
  for await (const { path, content } of personalData.export(town.platform, request)) {
    const parts: Buffer[] = []
    if (typeof content === 'string' || Buffer.isBuffer(content)) parts.push(Buffer.from(content))
    else for await (const part of content) parts.push(part as Buffer)
    files.set(path.replace(/doc_[0-9a-f]+/, 'doc'), Buffer.concat(parts).toString('utf8'))
  }
  expect([...files.keys()]).toEqual([
    'documents/documents.json',
    'documents/mentions.json',
    'documents/files/doc/visite.txt',
  ])
  expect(files.get('documents/files/doc/visite.txt')).toBe(letter)
  expect(files.get('documents/mentions.json')).toContain('zoe@canari.example')
})

test('one that has not come yet, and one whose bytes another has, are covered by their names and wait for nothing', async () => {
  const viewer = createTestViewer()
  const id = await town.read(viewer, 'visite.txt', letter)
  const text =
    'mutation ($input: CreateUploadInput!) { createUpload(input: $input) { ... on Upload { document { id } } } }'
  const announce = async (filename: string) =>
    (
      await town.client.data<{ createUpload: { document: { id: string } } }>(viewer, text, {
        input: { filename, size: 10 },
      })
    ).createUpload.document.id
  const [half, same] = [await announce('Zoe_Canari.txt'), await announce('Canari;Zoé.txt')]
  await town.platform.database.asOwner('update documents.document set same_as = $2 where id = $1', [same, id])
  await personalData.erase(town.platform, requestOf(viewer, 'REDACT_MENTIONS'))
  await vi.waitFor(async () => expect(await storesOf(viewer)).toEqual({}), { timeout: 60_000, interval: 100 })
  const rows = await town.platform.database.asOwner(
    'select filename, stage from documents.document where id = any($1) order by id',
    [[half, same]],
  )
  expect(rows).toEqual([
    { filename: '██████████.txt', stage: 'WAITING' },
    { filename: '██████████.txt', stage: 'WAITING' },
  ])
  expect(await dump(viewer)).not.toMatch(/canar/i)
})

test.each([
  ['Łukasz Wójcik', 'Pris en charge par Łukasz Wójcik à Lyon.'],
  ['Jana Dvorak', `Pris en charge par ${'Jana Dvořák'.normalize('NFD')} à Lyon.`],
  ['José Lecœur', 'nom;prénom;ville\nLECOEUR;José;Lyon'],
  ['Jürgen Weiß', 'Pris en charge par Jürgen\n   Weiss à Lyon.'],
])('%s is found by the database in whatever way a document spells the name', async (name, printed) => {
  const viewer = createTestViewer()
  const id = await town.read(viewer, 'note.txt', printed)
  const subject = createSubject(viewer.organizationId, subjectInput.parse({ names: [name] }))
  const held = await personalData.find(town.platform, { organizationId: viewer.organizationId, subject, signal })
  expect(held.find(({ store }) => store === 'documents.document')?.ids).toEqual([id])
})
