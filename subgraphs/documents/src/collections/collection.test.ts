import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Viewer } from '@passerelle/platform/schema'
import { createTestViewer } from '@passerelle/platform/subgraph/testing'
import { openTestDocuments, type TestDocuments } from '../documents.testing.ts'

let town: TestDocuments

beforeAll(async () => {
  town = await openTestDocuments()
})

afterAll(() => town.close())

interface Answer {
  __typename: string
  id: string
  name: string
  path?: string[]
}

const types = { id: 'ID!', name: 'String!', description: 'String', collectionId: 'ID!', documentIds: '[ID!]!' }

async function act(
  viewer: Viewer,
  verb: string,
  variables: Partial<Record<keyof typeof types, unknown>>,
): Promise<Answer> {
  const names = Object.keys(variables) as (keyof typeof types)[]
  const text = `mutation (${names.map((name) => `$${name}: ${types[name]}`).join(', ')}) {
    ${verb}(${names.map((name) => `${name}: $${name}`).join(', ')}) {
      __typename ${verb === 'deleteCollection' ? '' : '... on Collection { id name description } ... on InvalidInput { path }'} } }`
  const data = await town.client.data<Record<string, Answer>>(viewer, text, variables)
  return data[verb] as Answer
}

async function make(viewer: Viewer, name: string): Promise<string> {
  return (await act(viewer, 'createCollection', { name })).id
}

async function announce(viewer: Viewer, name: string): Promise<string> {
  return (await town.announce(viewer, name, 10)).document.id
}

interface Listed {
  collections: { totalCount: number; nodes: { name: string; documentCount: number }[] }
}

async function list(viewer: Viewer, args = ''): Promise<Listed['collections']> {
  const text = `{ collections${args} { totalCount nodes { name documentCount } } }`
  return (await town.client.data<Listed>(viewer, text)).collections
}

async function titlesIn(viewer: Viewer, collectionIds: readonly string[]): Promise<string[]> {
  const text = `query ($ids: [ID!]) { documents(collectionIds: $ids) { totalCount nodes { title } } }`
  const { documents } = await town.client.data<{ documents: { totalCount: number; nodes: { title: string }[] } }>(
    viewer,
    text,
    { ids: collectionIds },
  )
  expect(documents.totalCount).toBe(documents.nodes.length)
  return documents.nodes.map(({ title }) => title)
}

test('a collection is made, found by its name, named otherwise and deleted, and its documents stay', async () => {
  const viewer = createTestViewer()
  const id = await make(viewer, ' Litiges été ')
  await make(viewer, 'Assurances')
  expect((await list(viewer)).nodes.map(({ name }) => name)).toEqual(['Assurances', 'Litiges été'])
  expect(await list(viewer, '(search: "ETE")')).toEqual({
    totalCount: 1,
    nodes: [{ name: 'Litiges été', documentCount: 0 }],
  })
  const document = await announce(viewer, 'a.pdf')
  await act(viewer, 'addToCollection', { collectionId: id, documentIds: [document] })
  expect(await act(viewer, 'renameCollection', { id, name: 'Contentieux', description: 'Réclamations' })).toMatchObject(
    {
      name: 'Contentieux',
      description: 'Réclamations',
    },
  )
  expect(await act(viewer, 'renameCollection', { id, name: 'contentieux' })).toMatchObject({
    description: 'Réclamations',
  })
  expect(await act(viewer, 'renameCollection', { id, name: 'Zoo', description: null })).toMatchObject({
    description: null,
  })
  expect(await act(viewer, 'deleteCollection', { id })).toEqual({ __typename: 'CollectionDeleted' })
  expect(await act(viewer, 'deleteCollection', { id })).toEqual({ __typename: 'NotFound' })
  expect((await list(viewer)).nodes).toEqual([{ name: 'Assurances', documentCount: 0 }])
  expect(
    await town.client.data(viewer, `query ($id: ID!) { document(id: $id) { title collections { name } } }`, {
      id: document,
    }),
  ).toEqual({ document: { title: 'a', collections: [] } })
})

test('a name is one line of 1 to 100 characters that no other collection of the organisation has', async () => {
  const viewer = createTestViewer()
  const id = await make(viewer, 'Épaves')
  const other = await make(viewer, 'x'.repeat(100))
  for (const name of ['', '  ', 'x'.repeat(101), 'a\nb', 'a\u0000b']) {
    const refusal = { __typename: 'InvalidInput', path: ['name'] }
    expect(await act(viewer, 'createCollection', { name })).toEqual(refusal)
    expect(await act(viewer, 'renameCollection', { id, name })).toEqual(refusal)
  }
  expect(await act(viewer, 'createCollection', { name: 'Vide', description: 'x'.repeat(501) })).toEqual({
    __typename: 'InvalidInput',
    path: ['description'],
  })
  expect(await act(viewer, 'createCollection', { name: 'ÉPAVES' })).toEqual({ __typename: 'NameTaken' })
  expect(await act(viewer, 'renameCollection', { id: other, name: 'épaves' })).toEqual({ __typename: 'NameTaken' })
  const both = await Promise.all([1, 2].map(() => act(viewer, 'createCollection', { name: 'Course' })))
  expect(both.map(({ __typename }) => __typename).sort()).toEqual(['Collection', 'NameTaken'])
  expect(await act(createTestViewer(), 'createCollection', { name: 'Épaves' })).toMatchObject({ name: 'Épaves' })
})

test('documents are put in and taken out, twice as well as once, and a list is of some collections', async () => {
  const viewer = createTestViewer()
  const [first, second] = [await make(viewer, 'Un'), await make(viewer, 'Deux')]
  const [a, b, c] = [await announce(viewer, 'a.pdf'), await announce(viewer, 'b.pdf'), await announce(viewer, 'c.pdf')]
  for (let times = 0; times < 2; times++)
    await act(viewer, 'addToCollection', { collectionId: first, documentIds: [a, b, a] })
  await act(viewer, 'addToCollection', { collectionId: second, documentIds: [b, c] })
  expect(await titlesIn(viewer, [first])).toEqual(['b', 'a'])
  expect(await titlesIn(viewer, [first, second])).toEqual(['c', 'b', 'a'])
  expect(await titlesIn(viewer, [])).toEqual([])
  expect(
    await town.client.data(
      viewer,
      `query ($a: ID!, $b: ID!) { a: collection(id: $a) { documentCount documents(first: 1) { totalCount nodes { title collections { name } } } } b: document(id: $b) { collections { name } } }`,
      { a: first, b },
    ),
  ).toEqual({
    a: {
      documentCount: 2,
      documents: { totalCount: 2, nodes: [{ title: 'b', collections: [{ name: 'Deux' }, { name: 'Un' }] }] },
    },
    b: { collections: [{ name: 'Deux' }, { name: 'Un' }] },
  })
  for (let times = 0; times < 2; times++)
    expect(
      await act(viewer, 'removeFromCollection', { collectionId: first, documentIds: [b, 'doc_none'] }),
    ).toMatchObject({ name: 'Un' })
  expect(await titlesIn(viewer, [first])).toEqual(['a'])
  await town.mutate(viewer, 'deleteDocument', a)
  expect((await list(viewer)).nodes).toEqual([
    { name: 'Deux', documentCount: 2 },
    { name: 'Un', documentCount: 0 },
  ])
})

test('what cannot be put in is refused whole', async () => {
  const viewer = createTestViewer()
  const [collectionId, document] = [await make(viewer, 'Un'), await announce(viewer, 'a.pdf')]
  expect(await act(viewer, 'addToCollection', { collectionId, documentIds: [document, 'doc_none'] })).toEqual({
    __typename: 'NotFound',
  })
  expect(await act(viewer, 'addToCollection', { collectionId: 'col_none', documentIds: [document] })).toEqual({
    __typename: 'NotFound',
  })
  for (const verb of ['addToCollection', 'removeFromCollection'])
    expect(
      await act(viewer, verb, { collectionId, documentIds: Array.from({ length: 1_001 }, () => document) }),
    ).toEqual({
      __typename: 'InvalidInput',
      path: ['documentIds'],
    })
  expect((await list(viewer)).nodes).toEqual([{ name: 'Un', documentCount: 0 }])
  const reader = { ...viewer, scopes: ['document:read' as const] }
  for (const [verb, variables] of [
    ['createCollection', { name: 'Deux' }],
    ['renameCollection', { id: collectionId, name: 'Deux' }],
    ['deleteCollection', { id: collectionId }],
    ['addToCollection', { collectionId, documentIds: [document] }],
    ['removeFromCollection', { collectionId, documentIds: [document] }],
  ] as const)
    expect(await act(reader, verb, variables)).toEqual({ __typename: 'NotAllowed' })
})

test('a collection and a document of another organisation are not there', async () => {
  const [viewer, other] = [createTestViewer(), createTestViewer()]
  const [theirs, ours] = [await make(other, 'Leurs'), await make(viewer, 'Nôtres')]
  const [theirDocument, document] = [await announce(other, 'x.pdf'), await announce(viewer, 'a.pdf')]
  await act(other, 'addToCollection', { collectionId: theirs, documentIds: [theirDocument] })
  for (const [verb, variables] of [
    ['renameCollection', { id: theirs, name: 'Deux' }],
    ['deleteCollection', { id: theirs }],
    ['addToCollection', { collectionId: theirs, documentIds: [document] }],
    ['removeFromCollection', { collectionId: theirs, documentIds: [theirDocument] }],
    ['addToCollection', { collectionId: ours, documentIds: [theirDocument] }],
  ] as const)
    expect(await act(viewer, verb, variables)).toEqual({ __typename: 'NotFound' })
  await act(viewer, 'removeFromCollection', { collectionId: ours, documentIds: [theirDocument] })
  expect(await titlesIn(viewer, [theirs])).toEqual([])
  expect(await town.client.data(viewer, `query ($id: ID!) { collection(id: $id) { name } }`, { id: theirs })).toEqual({
    collection: null,
  })
  expect(await list(other)).toEqual({ totalCount: 1, nodes: [{ name: 'Leurs', documentCount: 1 }] })
})

test('what was announced in a collection is there under the document that has its bytes', async () => {
  const viewer = createTestViewer()
  const held = await town.upload(viewer, 'premier.txt', 'Les mêmes octets.')
  const announced = await town.announce(viewer, 'second.txt', Buffer.byteLength('Les mêmes octets.'))
  const [one, two] = [await make(viewer, 'Un'), await make(viewer, 'Deux')]
  for (const collectionId of [one, two])
    await act(viewer, 'addToCollection', { collectionId, documentIds: [announced.document.id] })
  await act(viewer, 'addToCollection', { collectionId: two, documentIds: [held.id] })
  await town.send(town.claimsOf(announced), 'Les mêmes octets.')
  expect(await titlesIn(viewer, [one])).toEqual(['premier'])
  expect((await list(viewer)).nodes.map(({ documentCount }) => documentCount)).toEqual([1, 1])
  await act(viewer, 'removeFromCollection', { collectionId: one, documentIds: [announced.document.id] })
  expect(await titlesIn(viewer, [one])).toEqual([])
})

test('every change of a collection is heard, also after a cursor', async () => {
  const viewer = createTestViewer()
  const id = await make(viewer, 'Un')
  await act(viewer, 'addToCollection', { collectionId: id, documentIds: [await announce(viewer, 'a.pdf')] })
  await act(viewer, 'deleteCollection', { id })
  const last = await make(viewer, 'Deux')
  interface Change {
    collectionsChanged: { id: string; collection: { name: string } | null }
  }
  const events = await town.client.subscribe<Change>(
    viewer,
    `subscription { collectionsChanged(after: "0") { id collection { name } } }`,
  )
  const heard: Change['collectionsChanged'][] = []
  do heard.push((await events.next()).data.collectionsChanged)
  while (heard.at(-1)?.id !== last)
  await events.end()
  expect(heard).toEqual([
    { id, collection: null },
    { id, collection: null },
    { id, collection: null },
    { id: last, collection: { name: 'Deux' } },
  ])
})
