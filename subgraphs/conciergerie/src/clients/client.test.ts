import { expect, test } from 'vitest'
import { createTestViewer, useSubgraph } from '@passerelle/platform/subgraph/testing'
import { recordEntityId } from '@passerelle/platform/records'
import type { Viewer } from '@passerelle/platform/schema'
import { conciergerie } from '../index.ts'

const town = useSubgraph(conciergerie)

const fields = '__typename ... on Client { id name email phone siren vatNumber } ... on InvalidInput { path }'
type Result = { __typename: string; id: string; name?: string; email?: string | null; path?: string[] }

async function create(viewer: Viewer, input: Record<string, unknown>): Promise<Result> {
  const text = `mutation ($input: CreateClientInput!) { createClient(input: $input) { ${fields} } }`
  const { data, errors } = await town.client.ask<{ createClient: Result }>(viewer, text, { input })
  expect(errors).toEqual([])
  return data.createClient
}

async function update(viewer: Viewer, input: Record<string, unknown>): Promise<Result> {
  const text = `mutation ($input: UpdateClientInput!) { updateClient(input: $input) { ${fields} } }`
  const { data, errors } = await town.client.ask<{ updateClient: Result }>(viewer, text, { input })
  expect(errors).toEqual([])
  return data.updateClient
}

async function names(viewer: Viewer, args: string): Promise<string[]> {
  const { data } = await town.client.ask<{ clients: { nodes: { name: string }[] } }>(
    viewer,
    `{ clients(${args}) { nodes { name } } }`,
  )
  return data.clients.nodes.map((node) => node.name)
}

const whole = {
  name: 'Café Étoile SARL',
  email: 'Contact@Etoile.example',
  phone: '01 40 20 50 50',
  siren: '732 829 320',
  vatNumber: 'FR 44 732829320',
}

test('a client is kept as it was typed', async () => {
  const viewer = createTestViewer()
  const created = await create(viewer, whole)
  expect(created).toMatchObject({ __typename: 'Client', ...whole })
  const { data } = await town.client.ask(viewer, 'query ($id: ID!) { client(id: $id) { name siren } }', {
    id: created.id,
  })
  expect(data).toEqual({ client: { name: whole.name, siren: whole.siren } })
})

test.each([
  ['no name', { name: '  ' }, 'name'],
  ['a name with a control character', { name: 'A\u0000B' }, 'name'],
  ['a SIREN whose check digit is wrong', { name: 'A', siren: '732 829 321' }, 'siren'],
  ['a VAT number whose check digits are wrong', { name: 'A', vatNumber: 'FR 45 732829320' }, 'vatNumber'],
  ['an address without a domain', { name: 'A', email: 'contact@' }, 'email'],
  ['a phone number that is too short', { name: 'A', phone: '06 12' }, 'phone'],
])('a client with %s is refused and says where', async (_what, input, path) => {
  expect(await create(createTestViewer(), input)).toMatchObject({ __typename: 'InvalidInput', path: [path] })
})

test('documents find a client by its keys, strong to weak, through the federation', async () => {
  const viewer = createTestViewer()
  const { id } = await create(viewer, { ...whole, siren: null })
  const text = 'query ($of: [_Any!]!) { _entities(representations: $of) { ... on Client { linkKeys } } }'
  const of = [{ __typename: 'Client', id }]
  const linkKeys = [
    'SIREN:732829320',
    'VAT:FR44732829320',
    'EMAIL:contact@etoile.example',
    'PHONE:+33140205050',
    'NAME:cafe etoile',
  ]
  expect((await town.client.ask(viewer, text, { of })).data).toEqual({ _entities: [{ linkKeys }] })
  expect((await town.client.ask(createTestViewer(), text, { of })).data).toEqual({ _entities: [null] })
})

test('a change leaves what is not given, clears what is null, and is checked like a creation', async () => {
  const viewer = createTestViewer()
  const { id } = await create(viewer, whole)
  expect(await update(viewer, { id, email: null, name: 'Étoile' })).toMatchObject({
    name: 'Étoile',
    email: null,
    phone: whole.phone,
    siren: whole.siren,
  })
  expect(await update(viewer, { id, siren: '123456789' })).toMatchObject({
    __typename: 'InvalidInput',
    path: ['siren'],
  })
  expect(await update(viewer, { id, name: null })).toMatchObject({ __typename: 'InvalidInput', path: ['name'] })
  expect(await names(viewer, 'search: "etoile"')).toEqual(['Étoile'])
  expect(await names(viewer, 'search: "contact@"')).toEqual([])
})

test('two changes at once of different things both stay', async () => {
  const viewer = createTestViewer()
  const { id } = await create(viewer, { name: 'Deux mains' })
  await Promise.all([update(viewer, { id, email: 'a@b.example' }), update(viewer, { id, phone: '06 12 34 56 78' })])
  const { data } = await town.client.ask(viewer, 'query ($id: ID!) { client(id: $id) { email phone } }', { id })
  expect(data).toEqual({ client: { email: 'a@b.example', phone: '06 12 34 56 78' } })
})

test('the list is by name, and pages through clients of the same name without a gap or a repeat', async () => {
  const viewer = createTestViewer()
  for (const name of ['zoé', 'Martin', 'Émile', 'MARTIN', 'martin', 'Abel']) await create(viewer, { name })
  const seen: string[] = []
  let after: string | null = null
  for (let page = 0; page < 3; page++) {
    type Page = { clients: { totalCount: number; nodes: { name: string }[]; pageInfo: { endCursor: string } } }
    const text =
      'query ($after: String) { clients(first: 2, after: $after) { totalCount nodes { name } pageInfo { endCursor } } }'
    const { data }: { data: Page } = await town.client.ask<Page>(viewer, text, { after })
    seen.push(...data.clients.nodes.map((node) => node.name))
    after = data.clients.pageInfo.endCursor
    expect(data.clients.totalCount).toBe(6)
  }
  expect([seen[0], seen[1], seen[5]]).toEqual(['Abel', 'Émile', 'zoé'])
  expect(seen.slice(2, 5).toSorted()).toEqual(['MARTIN', 'Martin', 'martin'])
})

test('the list is searched by name and numbers, without regard to case, accents and separators', async () => {
  const viewer = createTestViewer()
  await create(viewer, whole)
  await create(viewer, { name: 'Jean Œuvrard', phone: '+44 20 7946 0958' })
  expect(await names(viewer, 'search: "CAFE etoile"')).toEqual([whole.name])
  expect(await names(viewer, 'search: "732829320"')).toEqual([whole.name])
  expect(await names(viewer, 'search: "+33140205050"')).toEqual([whole.name])
  expect(await names(viewer, 'search: "oeuvrard jean"')).toEqual(['Jean Œuvrard'])
  expect(await names(viewer, 'search: "nobody"')).toEqual([])
})

test('the knowledge graph follows a client as it changes', async () => {
  const viewer = createTestViewer()
  const { id } = await create(viewer, whole)
  const entity = recordEntityId(viewer.organizationId, { kind: 'CLIENT', id })
  const linked = async (): Promise<string[]> => {
    const { neighbours } = await town.platform.graph.neighbours(viewer.organizationId, {
      id: entity,
      depth: 1,
      limit: 20,
    })
    return neighbours
      .map((neighbour) => `${neighbour.entity.kind ?? neighbour.entity.type}:${neighbour.entity.key}`)
      .toSorted()
  }
  expect(await linked()).toEqual([
    'EMAIL:contact@etoile.example',
    'ORGANIZATION:cafe etoile',
    'PHONE:+33140205050',
    'SIREN:732829320',
    'VAT:FR44732829320',
  ])
  await update(viewer, { id, name: 'Mme Claire Étoile', email: null, siren: null, vatNumber: null })
  expect(await linked()).toEqual(['PERSON:claire etoile', 'PHONE:+33140205050'])
  expect(await town.platform.graph.loadEntities(viewer.organizationId, [entity])).toMatchObject([
    { name: 'Mme Claire Étoile', recordType: 'Client', recordId: id },
  ])
})

test('another organisation sees nothing and changes nothing', async () => {
  const [viewer, other] = [createTestViewer(), createTestViewer()]
  const { id } = await create(viewer, whole)
  expect((await update(other, { id, name: 'Mine' })).__typename).toBe('NotFound')
  expect((await update(other, { id: 'cli_\u0000', name: 'Mine' })).__typename).toBe('NotFound')
  const text =
    'query ($id: ID!) { client(id: $id) { id } clients { totalCount nodes { id } } search: clients(search: "etoile") { nodes { id } } }'
  expect((await town.client.ask(other, text, { id })).data).toEqual({
    client: null,
    clients: { totalCount: 0, nodes: [] },
    search: { nodes: [] },
  })
  expect(await town.platform.graph.findEntities(other.organizationId, { limit: 10, offset: 0 })).toEqual({
    entities: [],
    hasMore: false,
  })
})

test('who may only read is told so', async () => {
  const reader = createTestViewer({ roles: ['ANALYST'] })
  expect((await create(reader, { name: 'A' })).__typename).toBe('NotAllowed')
  expect((await update(reader, { id: 'cli_0', name: 'A' })).__typename).toBe('NotAllowed')
})
