import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestViewer } from '@passerelle/platform/subgraph/testing'
import { openTestDocuments, type TestDocuments } from '../documents.testing.ts'
import { sweepAbandoned } from '../uploads/upload.ts'

let town: TestDocuments

beforeAll(async () => {
  town = await openTestDocuments()
})

afterAll(() => town.close())

const progress = `subscription ($id: ID!, $after: String) { documentProgress(id: $id, after: $after) { id status { stage cursor } } }`

test('a subscriber that continues after a cursor hears exactly the rest', async () => {
  const viewer = createTestViewer()
  const id = await town.read(viewer, 'note.txt', 'Un colis part de Nantes.')
  const all = await town.steps(viewer, id)
  for (const [index, { cursor }] of all.slice(0, -1).entries())
    expect(await town.steps(viewer, id, cursor)).toEqual(all.slice(index + 1))
})

test('an announced document is followed from the end of the log, not from its beginning', async () => {
  const viewer = createTestViewer()
  await town.read(viewer, 'avant.txt', 'Un texte d’avant.')
  const head = await town.platform.facts.head(viewer.organizationId)
  const { document } = await town.announce(viewer, 'apres.txt', 10)
  expect((await town.statusOf(viewer, document.id)).cursor).toBe(head)
})

test('who follows a document that is deleted is told by the end of the subscription', async () => {
  const viewer = createTestViewer()
  const id = await town.read(viewer, 'fin.txt', 'La fin.')
  const events = await town.client.subscribe<{ documentProgress: { status: { stage: string } } }>(viewer, progress, {
    id,
  })
  expect((await events.next()).data.documentProgress.status.stage).toBe('READY')
  await town.mutate(viewer, 'deleteDocument', id)
  await expect(events.next()).rejects.toThrow('has ended')
})

test('all documents’ steps and deletions are heard after a cursor, also of uploads that were given up', async () => {
  const viewer = createTestViewer()
  const id = await town.read(viewer, 'tout.txt', 'Tout.')
  await town.mutate(viewer, 'deleteDocument', id)
  const { document: givenUp } = await town.announce(viewer, 'jamais.txt', 10)
  await sweepAbandoned(town.platform, new Date(Date.now() + 1_000))
  const events = await town.client.subscribe<{ documentsChanged: { id: string; document: object | null } }>(
    viewer,
    `subscription { documentsChanged(after: "0") { id document { id } } }`,
  )
  const heard: { id: string; document: object | null }[] = []
  do heard.push((await events.next()).data.documentsChanged)
  while (heard.at(-1)?.id !== givenUp.id)
  await events.end()
  expect(heard.slice(-2)).toEqual([
    { id, document: null },
    { id: givenUp.id, document: null },
  ])
})
