import { createServer, type Server } from 'node:http'
import { once } from 'node:events'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { publish } from '@passerelle/platform/facts'
import { newId } from '@passerelle/platform/ids'
import { createClientBook } from '@passerelle/platform/records/testing'
import type { Viewer } from '@passerelle/platform/schema'
import { rowsOf } from '@passerelle/platform/sql'
import { createTestClientViewer, createTestViewer } from '@passerelle/platform/subgraph/testing'
import { openTestDocuments, type TestDocuments } from '../documents.testing.ts'
import { routes } from '../http.ts'
import { personalData } from '../personal/personal-data.ts'

let town: TestDocuments
let server: Server
let address: string
const book = createClientBook()

beforeAll(async () => {
  town = await openTestDocuments(async () => ({ readGraph: book.readGraph }))
  const download = routes.find(({ method }) => method === 'GET')
  if (!download) throw new Error('Files are downloaded.')
  const open = download.open(town.platform)
  const { log } = town.platform
  server = createServer((request, response) => {
    void open(request, response, { requestId: 'req', log, url: new URL(request.url ?? '/', 'http://localhost') })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const bound = server.address()
  address = typeof bound === 'object' && bound ? `http://127.0.0.1:${bound.port}` : ''
})

afterAll(async () => {
  server.close()
  await town.close()
})

const newClient = ({ organizationId }: Viewer): string => book.add(organizationId)
const asClient = ({ organizationId }: Viewer, clientId: string): Viewer =>
  createTestClientViewer({ organizationId, clientId })
const text = (word: string): string => `Facture ${word}\nTransports ${word} SAS, SIREN 732 829 320\nTotal 120,00 EUR`

async function act(
  viewer: Viewer,
  mutation: 'shareDocument' | 'unshareDocument',
  variables: { documentId: string; clientId: string },
): Promise<{ __typename: string; path?: string[] }> {
  const data = await town.client.data<Record<string, { __typename: string; path?: string[] }>>(
    viewer,
    `mutation ($documentId: ID!, $clientId: ID!) { ${mutation}(documentId: $documentId, clientId: $clientId) {
      __typename ${mutation === 'shareDocument' ? '... on InvalidInput { path }' : ''} } }`,
    variables,
  )
  return data[mutation] ?? { __typename: 'nothing' }
}

interface Seen {
  sharedDocument: { title: string; kind: string | null; pageCount: number | null; size: number; fileUrl: string } | null
  _entities: [{ sharedDocuments: { totalCount: number; nodes: { id: string; title: string }[] } }]
}

/** What a client finds of a document, by its id and in their list. */
function look(viewer: Viewer, id: string, clientId: string): Promise<Seen> {
  return town.client.data<Seen>(
    viewer,
    `query ($id: ID!, $representations: [_Any!]!) {
      sharedDocument(id: $id) { title kind pageCount size fileUrl }
      _entities(representations: $representations) { ... on Client { sharedDocuments { totalCount nodes { id title } } } } }`,
    { id, representations: [{ __typename: 'Client', id: clientId }] },
  )
}

const nothing = { sharedDocument: null, _entities: [{ sharedDocuments: { totalCount: 0, nodes: [] } }] }
const isOpen = async (url: string | undefined): Promise<boolean> => (await fetch(`${address}${url}`)).status === 200

async function sharedWith(viewer: Viewer, id: string): Promise<(string | undefined)[]> {
  const { document } = await town.client.data<{
    document: {
      sharedWith: { totalCount: number; nodes: { client: { id: string } | null; sharedBy: object | null }[] }
    }
  }>(
    viewer,
    'query ($id: ID!) { document(id: $id) { sharedWith { totalCount nodes { client { id } sharedBy { id } sharedAt } } } }',
    { id },
  )
  const { nodes, totalCount } = document.sharedWith
  expect(totalCount).toBe(nodes.length)
  expect(nodes.every(({ sharedBy }) => sharedBy !== null)).toBe(true)
  return nodes.map(({ client }) => client?.id)
}

async function told(viewer: Viewer): Promise<unknown[]> {
  const audits = await town.platform.database.asOwner<{ action: string; detail: object }>(
    `select action, detail from platform.audit_entry where organization_id = $1 and action like 'document.%shared' order by position`,
    [viewer.organizationId],
  )
  const facts = await town.platform.database.asOwner<{ type: string; payload: object }>(
    `select type, payload from platform.fact where organization_id = $1 and type like 'document.%shared' order by position`,
    [viewer.organizationId],
  )
  expect(audits.map(({ action }) => action)).toEqual(facts.map(({ type }) => type))
  return facts.map(({ type, payload }) => [type, payload])
}

test('a client reads the title and the file of what is shared with them; other clients and other organisations do not', async () => {
  const staff = createTestViewer()
  const [clientId, other] = [newClient(staff), newClient(staff)]
  const id = await town.read(staff, 'Facture 12.txt', text('Dupont'))
  await town.read(staff, 'Secret.txt', text('Martin'))
  expect(await look(asClient(staff, clientId), id, clientId)).toEqual(nothing)
  expect(await act(staff, 'shareDocument', { documentId: id, clientId })).toEqual({ __typename: 'Document' })
  expect(await sharedWith(staff, id)).toEqual([clientId])
  const seen = await look(asClient(staff, clientId), id, clientId)
  expect(seen).toMatchObject({
    sharedDocument: { title: 'Facture 12', pageCount: 1, size: Buffer.byteLength(text('Dupont')) },
    _entities: [{ sharedDocuments: { totalCount: 1, nodes: [{ id, title: 'Facture 12' }] } }],
  })
  const response = await fetch(`${address}${seen.sharedDocument?.fileUrl}`)
  expect([response.status, response.headers.get('cache-control')]).toEqual([200, 'private, no-store'])
  expect(await response.text()).toBe(text('Dupont'))
  const stranger = createTestViewer()
  expect(await look(asClient(staff, other), id, other)).toEqual(nothing)
  expect(await look(asClient(staff, other), id, clientId)).toEqual(nothing)
  expect(await look(asClient(stranger, clientId), id, clientId)).toEqual(nothing)
})

test('a client’s own transaction sees the row of what is shared with them, none of what was read in it, and writes nothing', async () => {
  const staff = createTestViewer()
  const clientId = newClient(staff)
  const id = await town.read(staff, 'Facture.txt', text('Dupont'))
  await town.read(staff, 'Secret.txt', text('Martin'))
  await act(staff, 'shareDocument', { documentId: id, clientId })
  const inside = (query: string) =>
    town.platform.sql.withOrganization(asClient(staff, clientId), (tx) => rowsOf<{ one: string }>(tx, query, []))
  expect(await inside('select id as one from documents.document')).toEqual([{ one: id }])
  expect(await inside('select client_id as one from documents.client_share')).toEqual([{ one: clientId }])
  for (const part of ['page', 'chunk', 'mention', 'relation', 'stage', 'collection', 'collection_document', 'arrival'])
    expect([part, await inside(`select organization_id as one from documents.${part}`)]).toEqual([part, []])
  for (const write of [
    `update documents.document set title = 'x' returning id as one`,
    'delete from documents.document returning id as one',
    'delete from documents.client_share returning client_id as one',
  ])
    expect(await inside(write)).toEqual([])
  const insert = `insert into documents.client_share (organization_id, document_id, client_id)
    select '${staff.organizationId}', '${id}', '${newId('cli')}'`
  await expect(inside(insert)).rejects.toThrow('row-level security')
})

test('a client is closed out of everything else about documents', async () => {
  const staff = createTestViewer()
  const clientId = newClient(staff)
  const client = asClient(staff, clientId)
  const id = await town.read(staff, 'Facture.txt', text('Dupont'))
  await act(staff, 'shareDocument', { documentId: id, clientId })
  for (const question of [
    `{ document(id: "${id}") { title } }`,
    '{ documents { nodes { title } } }',
    '{ search(query: "Dupont") { nodes { score } } }',
    '{ collections { nodes { name } } }',
  ]) {
    const { errors } = await town.client.ask(client, question)
    expect([question, errors[0]?.extensions?.code]).toEqual([question, 'FORBIDDEN'])
  }
  const { data } = await town.client.ask(
    client,
    'query ($r: [_Any!]!) { _entities(representations: $r) { ... on Document { title } } }',
    { r: [{ __typename: 'Document', id }] },
  )
  expect(data).toEqual({ _entities: [null] })
  for (const mutation of ['shareDocument', 'unshareDocument'] as const)
    expect(await act(client, mutation, { documentId: id, clientId })).toEqual({ __typename: 'NotAllowed' })
})

test('what is shared no more is gone at once, with the links that were made before', async () => {
  const staff = createTestViewer()
  const [clientId, other] = [newClient(staff), newClient(staff)]
  const id = await town.read(staff, 'Facture.txt', text('Dupont'))
  for (const one of [clientId, other]) await act(staff, 'shareDocument', { documentId: id, clientId: one })
  const [theirs, others] = [
    await look(asClient(staff, clientId), id, clientId),
    await look(asClient(staff, other), id, other),
  ]
  const { document } = await town.client.data<{ document: { fileUrl: string } }>(
    staff,
    'query ($id: ID!) { document(id: $id) { fileUrl } }',
    { id },
  )
  expect(await act(staff, 'unshareDocument', { documentId: id, clientId })).toEqual({ __typename: 'Document' })
  expect(await look(asClient(staff, clientId), id, clientId)).toEqual(nothing)
  const links = [theirs.sharedDocument?.fileUrl, others.sharedDocument?.fileUrl, document.fileUrl]
  expect(await Promise.all(links.map(isOpen))).toEqual([false, true, true])
  await town.mutate(staff, 'deleteDocument', id)
  expect(await look(asClient(staff, other), id, other)).toEqual(nothing)
  expect(await isOpen(links[1])).toBe(false)
})

test('sharing twice and ending twice are each told once', async () => {
  const staff = createTestViewer()
  const clientId = newClient(staff)
  const documentId = await town.read(staff, 'Facture.txt', text('Dupont'))
  for (const mutation of ['shareDocument', 'shareDocument', 'unshareDocument', 'unshareDocument'] as const)
    expect(await act(staff, mutation, { documentId, clientId })).toEqual({ __typename: 'Document' })
  expect(await told(staff)).toEqual([
    ['document.shared', { documentId, clientId }],
    ['document.unshared', { documentId, clientId }],
  ])
})

interface Heard {
  documentShareChanged: {
    id: string
    cursor: string
    client: { id: string } | null
    document: { title: string } | null
  }
}
const changes = `subscription ($after: String) {
  documentShareChanged(after: $after) { id cursor client { id } document { title } } }`

test('a client hears of what is shared with them and no more of others, also when it is over because the document is gone', async () => {
  const staff = createTestViewer()
  const [clientId, other] = [newClient(staff), newClient(staff)]
  const [id, second] = [
    await town.read(staff, 'Facture.txt', text('Un')),
    await town.read(staff, 'Avoir.txt', text('Deux')),
  ]
  const follow = async (viewer: Viewer, after?: string) =>
    town.client.subscribe<Heard>(viewer, changes, { after: after ?? (await town.client.now(viewer)) })
  const [client, desk] = [await follow(asClient(staff, clientId)), await follow(staff)]
  for (const one of [other, clientId]) await act(staff, 'shareDocument', { documentId: id, clientId: one })
  await act(staff, 'shareDocument', { documentId: second, clientId })
  const first = (await client.next()).data.documentShareChanged
  expect(first).toMatchObject({ id, document: { title: 'Facture' } })
  expect(first.cursor).not.toMatch(/^\d+$/)
  expect((await client.next()).data.documentShareChanged).toMatchObject({ id: second, document: { title: 'Avoir' } })
  await act(staff, 'unshareDocument', { documentId: second, clientId })
  await town.mutate(staff, 'deleteDocument', id)
  expect((await client.next()).data.documentShareChanged).toMatchObject({ id: second, document: null })
  expect((await client.next()).data.documentShareChanged).toMatchObject({ id, document: null })
  await client.end()

  const again = await follow(asClient(staff, clientId), first.cursor)
  expect((await again.next()).data.documentShareChanged).toMatchObject({ id: second })
  await again.end()
  const shown = []
  for (let index = 0; index < 6; index++) {
    const { id: documentId, client: whose } = (await desk.next()).data.documentShareChanged
    shown.push([documentId, whose?.id])
  }
  expect(shown.slice(0, 4)).toEqual([
    [id, other],
    [id, clientId],
    [second, clientId],
    [second, clientId],
  ])
  expect(new Set(shown.slice(4).map(String))).toEqual(new Set([`${id},${clientId}`, `${id},${other}`]))
  await desk.end()
  expect((await told(staff)).length).toBe(6)
})

test('a client who is erased has nothing shared with them any more', async () => {
  const staff = createTestViewer()
  const [clientId, other] = [newClient(staff), newClient(staff)]
  const documentId = await town.read(staff, 'Facture.txt', text('Dupont'))
  for (const one of [clientId, other]) await act(staff, 'shareDocument', { documentId, clientId: one })
  await town.platform.sql.withOrganization(staff, async (tx) => {
    publish(tx, { type: 'client.erased', payload: { id: clientId } })
  })
  await expect.poll(() => sharedWith(staff, documentId), { timeout: 30_000 }).toEqual([other])
  expect((await told(staff)).at(-1)).toEqual(['document.unshared', { documentId, clientId }])
})

test('a document that is not there, a client whom nobody knows and a file that has not come are refused', async () => {
  const [staff, stranger] = [createTestViewer(), createTestViewer()]
  const clientId = newClient(staff)
  const documentId = await town.read(staff, 'Facture.txt', text('Dupont'))
  for (const unknown of [newClient(stranger), newId('cli'), 'x'])
    expect(await act(staff, 'shareDocument', { documentId, clientId: unknown })).toEqual({
      __typename: 'InvalidInput',
      path: ['clientId'],
    })
  const announced = await town.announce(staff, 'Plus tard.txt', 12)
  expect(await act(staff, 'shareDocument', { documentId: announced.document.id, clientId })).toEqual({
    __typename: 'InvalidInput',
    path: ['documentId'],
  })
  for (const mutation of ['shareDocument', 'unshareDocument'] as const) {
    const foreign = { documentId, clientId: mutation === 'shareDocument' ? newClient(stranger) : clientId }
    expect(await act(stranger, mutation, foreign)).toEqual({ __typename: 'NotFound' })
    expect(await act(staff, mutation, { documentId: newId('doc'), clientId })).toEqual({ __typename: 'NotFound' })
    const reader = createTestViewer({ organizationId: staff.organizationId, roles: ['VIEWER'] })
    expect(await act(reader, mutation, { documentId, clientId })).toEqual({ __typename: 'NotAllowed' })
  }
  expect(await sharedWith(staff, documentId)).toEqual([])
})

test('the list of what is shared is paged without a gap or a repeat, and staff sees it as the client does', async () => {
  const staff = createTestViewer()
  const clientId = newClient(staff)
  const ids: string[] = []
  for (let index = 0; index < 5; index++) {
    const { id } = await town.upload(staff, `Facture ${index}.txt`, text(`numéro ${index}`))
    ids.push(id)
    await act(staff, 'shareDocument', { documentId: id, clientId })
  }
  const list = `query ($r: [_Any!]!, $after: String) { _entities(representations: $r) { ... on Client {
    sharedDocuments(first: 2, after: $after) { totalCount nodes { id fileUrl } pageInfo { endCursor hasNextPage } } } } }`
  type Page = { nodes: { id: string }[]; pageInfo: { endCursor: string; hasNextPage: boolean } }
  for (const viewer of [staff, asClient(staff, clientId)]) {
    const seen: string[] = []
    let after: string | null = null
    for (let isMore = true; isMore;) {
      const data: { _entities: [{ sharedDocuments: Page }] } = await town.client.data(viewer, list, {
        r: [{ __typename: 'Client', id: clientId }],
        after,
      })
      const page: Page = data._entities[0].sharedDocuments
      seen.push(...page.nodes.map(({ id }) => id))
      after = page.pageInfo.endCursor
      isMore = page.pageInfo.hasNextPage
    }
    expect(seen).toEqual(ids.toReversed())
  }
})

test('who asks what is known of them is told which documents are shared with the clients that they are', async () => {
  const staff = createTestViewer()
  const [clientId, other] = [newClient(staff), newClient(staff)]
  const [id, second] = [
    await town.read(staff, 'Facture 7.txt', text('Sept')),
    await town.read(staff, 'Facture 8.txt', text('Huit')),
  ]
  await act(staff, 'shareDocument', { documentId: id, clientId })
  await act(staff, 'shareDocument', { documentId: second, clientId: other })
  const subject = { userId: null, emails: [], phones: [], names: [], entityIds: [] }
  const { organizationId } = staff
  const request = { organizationId, subject, signal: new AbortController().signal, clientIds: [clientId] }
  const files = new Map<string, string>()
  for await (const { path, content } of personalData.export(town.platform, request)) files.set(path, String(content))
  expect(JSON.parse(files.get('documents/shared.json') ?? '')).toEqual([
    { document_id: id, title: expect.any(String), client_id: clientId, shared_at: expect.any(String) },
  ])
})
