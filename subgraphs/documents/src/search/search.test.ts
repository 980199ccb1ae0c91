import { afterAll, beforeAll, expect, test } from 'vitest'
import { migrateJobs } from '@passerelle/platform/jobs/install'
import { rebuildQueue } from '@passerelle/platform/rebuild'
import { createTestViewer } from '@passerelle/platform/subgraph/testing'
import { openTestDocuments, type TestDocuments } from '../documents.testing.ts'

let town: TestDocuments

beforeAll(async () => {
  town = await openTestDocuments()
})

afterAll(() => town.close())

interface Found {
  search: {
    mode: string
    pageInfo: { hasNextPage: boolean; endCursor: string | null }
    nodes: { highlights: string[]; chunk: { document: { id: string } } }[]
  }
}

test('search filters, pages and marks what matched, and says that it searched by words', async () => {
  const { client, read } = town
  const viewer = createTestViewer()
  const contract = await read(viewer, 'contrat.txt', 'La résiliation du contrat se fait par lettre recommandée.')
  await read(viewer, 'lettre.md', '# Lettre\n\nUne lettre simple suffit pour la résiliation.')
  const { search } = await client.data<Found>(
    viewer,
    `{ search(query: "lettre de résiliation", first: 1) { mode pageInfo { hasNextPage endCursor } nodes { highlights } } }`,
  )
  expect(search).toMatchObject({ mode: 'SPARSE', pageInfo: { hasNextPage: true } })
  expect(search.nodes[0]?.highlights.join()).toContain('<em>')
  const rest = await client.data<Found>(
    viewer,
    `query ($after: String) { search(query: "lettre de résiliation", first: 1, after: $after) { pageInfo { hasNextPage } nodes { score } } }`,
    { after: search.pageInfo.endCursor },
  )
  expect(rest.search).toMatchObject({ pageInfo: { hasNextPage: false }, nodes: [{}] })
  const filtered = await client.data(
    viewer,
    `{ search(query: "résiliation", filter: { contentTypes: ["text/plain"] }) { nodes { chunk { document { id } } } }
      none: search(query: "résiliation", filter: { documentIds: [] }) { nodes { score } } }`,
  )
  expect(filtered).toEqual({ search: { nodes: [{ chunk: { document: { id: contract } } }] }, none: { nodes: [] } })
  const dense = await client.ask(viewer, `{ search(query: "résiliation", mode: DENSE) { mode } }`)
  expect(dense.errors[0]?.extensions?.code).toBe('ENGINE_UNAVAILABLE')
})

test('a passage that the index still knows and the documents do not any more holds up no page', async () => {
  const { client, platform, read } = town
  const viewer = createTestViewer()
  const ids: string[] = []
  for (const name of ['un', 'deux', 'trois']) ids.push(await read(viewer, `${name}.txt`, `Le pélican ${name} pêche.`))
  const terms = new Map([['pelican', 9]])
  const gone = ['chk_1', 'chk_2'].map((id) => ({
    id,
    documentId: 'doc_gone',
    terms,
    dense: null,
    contentType: 'text/plain',
    kind: null,
    createdAt: new Date(),
  }))
  await platform.vectors.upsert(viewer.organizationId, 'chunks', gone)
  const found: string[] = []
  for (let after: string | null = null, pages = 0; pages < 10; pages++) {
    const { search }: Found = await client.data<Found>(
      viewer,
      `query ($after: String) { search(query: "pélican", first: 1, after: $after) { pageInfo { hasNextPage endCursor } nodes { chunk { document { id } } } } }`,
      { after },
    )
    found.push(...search.nodes.map(({ chunk }) => chunk.document.id))
    if (!search.pageInfo.hasNextPage) break
    after = search.pageInfo.endCursor
  }
  expect(found.toSorted()).toEqual(ids.toSorted())
})

test('search says while the index of the organisation is being made again', async () => {
  const { client, platform } = town
  const viewer = createTestViewer()
  const ask = async (who = viewer) =>
    (await client.data<{ search: { rebuilding: boolean } }>(who, '{ search(query: "lettre") { rebuilding } }')).search
  await migrateJobs(platform.database.owner, [rebuildQueue])
  expect(await ask()).toEqual({ rebuilding: false })
  await platform.sql.withOrganization(viewer, async (tx) => {
    await platform.jobs.enqueue(tx, rebuildQueue, { what: 'vectors', of: 'all' })
  })
  expect(await ask()).toEqual({ rebuilding: true })
  expect(await ask(createTestViewer())).toEqual({ rebuilding: false })
})
