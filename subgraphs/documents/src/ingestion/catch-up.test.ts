import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { openModels } from '@passerelle/platform/models/router'
import { openOllamaServer, type OllamaServer } from '@passerelle/platform/models/testing'
import type { Viewer } from '@passerelle/platform/schema'
import { createTestViewer } from '@passerelle/platform/subgraph/testing'
import { openTestDocuments, type TestDocuments } from '../documents.testing.ts'
import { askForEmbeddings, askForNewEmbeddings } from './catch-up.ts'

let town: TestDocuments
let server: OllamaServer
/** What the next call of the embedding model waits for. */
let gate: Promise<void>
/** Calls of the embedding model since the last document was read without one. */
let embeds: number
/** What the graph's position waits for when it is kept. */
let keeping: Promise<void>

beforeAll(async () => {
  server = await openOllamaServer()
  town = await openTestDocuments(async (platform) => {
    const { coordination, log, graph } = platform
    const models = await openModels({
      coordination,
      ollamaUrl: server.url,
      capacityMiB: 12_000,
      onCall: () => {},
      log,
      checkEveryMs: 50,
    })
    return {
      models: {
        ...models,
        async embed(request) {
          embeds++
          await gate
          return models.embed(request)
        },
      },
      graph: {
        ...graph,
        async setApplied(...position) {
          await keeping
          await graph.setApplied(...position)
        },
      },
    }
  })
})

beforeEach(async () => {
  gate = Promise.resolve()
  keeping = Promise.resolve()
  embeds = 0
  await setModels(true)
})

afterAll(async () => {
  await town.platform.models.close()
  await town.close()
  await server.close()
})

const [chat, embedding] = await openOllamaServer().then(async ({ models, close }) => {
  await close()
  return models
})

async function setModels(there: boolean): Promise<void> {
  server.models = there && chat && embedding ? [chat, embedding] : []
  const answers = async () => (await town.platform.models.capabilities('org_any')).embedding !== null
  await expect.poll(answers, { timeout: 40_000 }).toBe(there)
}

/** A document that was read while the embedding model was away. */
async function readWithoutModel(viewer: Viewer, text: string): Promise<string> {
  await setModels(false)
  const id = await town.read(viewer, 'sans.txt', text)
  expect(await town.statusOf(viewer, id)).toMatchObject({ stage: 'READY', degraded: ['EMBEDDING'] })
  await setModels(true)
  embeds = 0
  return id
}

async function foundByMeaning(viewer: Viewer, query: string): Promise<string[]> {
  const { search } = await town.client.data<{ search: { nodes: { chunk: { document: { id: string } } }[] } }>(
    viewer,
    `query ($query: String!) { search(query: $query, mode: DENSE) { nodes { chunk { document { id } } } } }`,
    { query },
  )
  return search.nodes.map(({ chunk }) => chunk.document.id)
}

function held(): { gate: Promise<void>; open: () => void } {
  const { promise, resolve } = Promise.withResolvers<void>()
  return { gate: promise, open: resolve }
}

test('what was read without an embedding model is found by meaning once one answers, and is whole again', async () => {
  const viewer = createTestViewer()
  const id = await readWithoutModel(viewer, 'Les tourterelles roucoulent au jardin.')
  expect(await foundByMeaning(viewer, 'tourterelles jardin')).toEqual([])
  await askForEmbeddings(town.platform)
  await expect
    .poll(() => town.statusOf(viewer, id), { timeout: 40_000 })
    .toMatchObject({ stage: 'READY', degraded: [] })
  expect(await foundByMeaning(viewer, 'tourterelles jardin')).toEqual([id])
})

test('a change of the embedding model embeds anew what the former one embedded, once, and nothing else', async () => {
  const viewer = createTestViewer()
  const id = await town.read(viewer, 'oies.txt', 'Les oies cendrées passent en octobre.')
  expect(await foundByMeaning(viewer, 'oies octobre')).toEqual([id])
  await askForNewEmbeddings(town.platform)
  embeds = 0
  const other = { ...embedding!, name: 'other-embed:latest', digest: 'f'.repeat(64) }
  server.models = [chat!, other]
  const current = async () => (await town.platform.models.capabilities('org_any')).embedding
  await expect.poll(current, { timeout: 40_000 }).toBe(other.name)
  expect(await foundByMeaning(viewer, 'oies octobre')).toEqual([])
  for (let round = 0; round < 3; round++) await askForNewEmbeddings(town.platform)
  await expect.poll(() => foundByMeaning(viewer, 'oies octobre'), { timeout: 40_000 }).toEqual([id])
  await askForNewEmbeddings(town.platform)
  const open = `select count(*) as count from jobs.job where state in ('created', 'active', 'retry') and data->'data'->>'documentId' = $1`
  await expect.poll(() => town.platform.database.asOwner(open, [id]), { timeout: 40_000 }).toEqual([{ count: 0 }])
  expect(await town.statusOf(viewer, id)).toMatchObject({ stage: 'READY', degraded: [] })
})

test('while the embedding model is changed every document is found by its meaning, whichever model it still has', async () => {
  const viewer = createTestViewer()
  const current = async () => (await town.platform.models.capabilities('org_any')).embedding
  server.models = [chat!, embedding!]
  await expect.poll(current, { timeout: 40_000 }).toBe(embedding!.name)
  const former = await town.read(viewer, 'herons.txt', 'Les hérons cendrés guettent au bord de l’étang.')
  const other = { ...embedding!, name: 'another-embed:latest', digest: 'e'.repeat(64) }
  server.models = [chat!, other, embedding!]
  await expect.poll(current, { timeout: 40_000 }).toBe(other.name)
  const latter = await town.read(viewer, 'butors.txt', 'Les butors guettent dans les roseaux de l’étang.')
  expect((await foundByMeaning(viewer, 'guettent étang')).toSorted()).toEqual([former, latter].toSorted())
  await askForNewEmbeddings(town.platform)
  const embeddedBy = `select id, embedding_model from documents.document where id = any($1) order by id`
  await expect
    .poll(() => town.platform.database.asOwner(embeddedBy, [[former, latter]]), { timeout: 40_000 })
    .toEqual([former, latter].toSorted().map((id) => ({ id, embedding_model: other.name })))
  server.models = [chat!, other]
  expect((await foundByMeaning(viewer, 'guettent étang')).toSorted()).toEqual([former, latter].toSorted())
})

test('a document is asked for once, and again when the model went away before its turn', async () => {
  const viewer = createTestViewer()
  const id = await readWithoutModel(viewer, 'Les cormorans sèchent leurs ailes.')
  const wait = held()
  gate = wait.gate
  for (let round = 0; round < 3; round++) await askForEmbeddings(town.platform)
  await expect.poll(() => embeds, { timeout: 40_000 }).toBe(1)
  const open = `select count(*) as count from jobs.job where state in ('created', 'active', 'retry') and data->'data'->>'documentId' = $1`
  expect(await town.platform.database.asOwner(open, [id])).toEqual([{ count: 1 }])
  server.faults = [
    { status: 503, error: 'away' },
    { status: 503, error: 'away' },
    { status: 503, error: 'away' },
    { status: 503, error: 'away' },
  ]
  wait.open()
  const later = new Date(Date.now() + 120_000)
  await expect
    .poll(
      async () => {
        await askForEmbeddings(town.platform, later)
        return (await town.statusOf(viewer, id)).degraded
      },
      { timeout: 40_000, interval: 200 },
    )
    .toEqual([])
  expect(await foundByMeaning(viewer, 'cormorans')).toEqual([id])
})

test('a document that is read anew, or deleted, while its vectors are made leaves no passage of before', async () => {
  const viewer = createTestViewer()
  const [again, gone] = [
    await readWithoutModel(viewer, 'Les martinets dorment en vol.'),
    await readWithoutModel(viewer, 'Les hirondelles reviennent en mars.'),
  ]
  const wait = held()
  gate = wait.gate
  await askForEmbeddings(town.platform)
  await expect.poll(() => embeds, { timeout: 40_000 }).toBe(2)
  await town.mutate(viewer, 'reprocessDocument', again)
  await town.mutate(viewer, 'deleteDocument', gone)
  const { cursor } = await town.statusOf(viewer, again)
  wait.open()
  expect((await town.steps(viewer, again, cursor)).at(-1)).toMatchObject({ stage: 'READY', degraded: [] })
  await expect.poll(() => town.platform.vectors.count(viewer.organizationId, 'chunks'), { timeout: 40_000 }).toBe(1)
  expect(await foundByMeaning(viewer, 'martinets')).toEqual([again])
})

test('a document that became READY just after the graph had taken it over does not stay degraded', async () => {
  const viewer = createTestViewer()
  const wait = held()
  keeping = wait.gate
  const { id } = await town.upload(viewer, 'lien.txt', 'Transports Durand SARL, SIREN 732 829 320.')
  expect((await town.steps(viewer, id)).at(-1)).toMatchObject({ stage: 'READY', degraded: ['LINKING'] })
  wait.open()
  await expect
    .poll(() => town.statusOf(viewer, id), { timeout: 15_000 })
    .toMatchObject({ stage: 'READY', degraded: [] })
})
