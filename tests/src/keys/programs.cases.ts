import { beforeAll, expect, test } from 'vitest'
import { signUp, type ApiClient } from '../client.ts'
import type { Passerelle } from '../passerelle.ts'
import { listDoors, listPlaces, readApi, toVariables } from '../walls/doors.ts'
import { goodValue } from '../walls/good-values.ts'
import { populate, type Population } from '../walls/population.ts'
import { makeKey, type MadeKey } from './make-key.ts'

/** What programs of the organisation itself can do, and what takes a person. */
export async function programCases(house: Passerelle): Promise<void> {
  const doors = listDoors(await readApi())
  let owner: ApiClient
  let population: Population
  let key: MadeKey
  beforeAll(async () => {
    owner = await signUp(house.url)
    population = await populate(owner, 'kilimandjaro')
    key = await makeKey(owner, { url: house.url, kind: 'INTERNAL' })
  })

  test('a key says who it is: no person, its organisation, its scopes', async () => {
    const question = `{ viewer { user { id } roles scopes key { id name start kind } organization { id } } }`
    const { viewer } = await key.client.ask<{ viewer: { organization: { id: string }; scopes: string[] } }>(question)
    const { viewer: person } = await owner.ask<{ viewer: { organization: { id: string } } }>(question)
    expect(viewer).toMatchObject({
      user: null,
      roles: [],
      key: { id: key.id, name: 'Programme', start: `${key.token.slice(0, 36)}`, kind: 'INTERNAL' },
      organization: person.organization,
    })
    expect(viewer.scopes).not.toContain('key:manage')
  })

  test('no door fails for a key that holds all a key can hold, and those that take a person say so', async () => {
    const failed: unknown[] = []
    const told: Record<string, string | undefined> = {}
    for (const door of doors.filter(({ kind }) => kind !== 'subscription')) {
      const values = listPlaces(door)
        .filter(({ required }) => required)
        .map((place) => ({ path: place.path, value: goodValue(door.name, place, population) }))
      const { data, errors } = await key.client.answer<Record<string, { __typename: string } | null>>(
        door.document,
        toVariables(values),
      )
      told[door.name] = data?.[door.name]?.__typename
      failed.push(
        ...(errors ?? []).filter(({ extensions }) => extensions?.code === 'INTERNAL_SERVER_ERROR').map(() => door.name),
      )
    }
    expect(failed).toEqual([])
    const personal = [
      'allowProvider',
      'approveAction',
      'changeMemberRoles',
      'changePassword',
      'createApiKey',
      'handOver',
      'inviteMember',
      'leaveOrganization',
      'logOut',
      'removeMember',
      'revokeApiKey',
      'rotateApiKey',
      'switchOrganization',
      'takeHandOver',
    ]
    expect(personal.map((name) => [name, told[name]])).toEqual(personal.map((name) => [name, 'NotAllowed']))
  })

  test('what a key asks is its own: neither the people nor another key of the organisation reads it', async () => {
    const other = await makeKey(owner, { url: house.url, kind: 'INTERNAL' })
    const { ask } = await key.client.ask<{ ask: { id: string; conversationId: string } }>(
      `mutation { ask(input: { question: "Qui livre ?" }) { ... on Answer { id conversationId } } }`,
    )
    const read = `query ($answer: ID!, $conversation: ID!) { answer(id: $answer) { id } conversation(id: $conversation) { id } }`
    const ids = { answer: ask.id, conversation: ask.conversationId }
    expect(await key.client.ask(read, ids)).toEqual({
      answer: { id: ask.id },
      conversation: { id: ask.conversationId },
    })
    for (const stranger of [other.client, owner])
      expect(await stranger.ask(read, ids)).toEqual({ answer: null, conversation: null })
  })

  test('a document is uploaded, read and downloaded with a key', async () => {
    const id = await key.client.upload('cle.txt', new TextEncoder().encode('Bon de livraison 4711 pour la clé.\n'))
    const found = await key.client.ask<{ document: { fileUrl: string } }>(
      `query ($id: ID!) { document(id: $id) { fileUrl } }`,
      { id },
    )
    const authorization = `Bearer ${key.token}`
    const file = await fetch(new URL(found.document.fileUrl, house.url), { headers: { authorization } })
    expect(await file.text()).toContain('4711')
  })

  test('a revoked key is refused with the next request, and its connections are closed within seconds', async () => {
    const { id, token, client } = await makeKey(owner, { url: house.url, kind: 'INTERNAL' })
    const socket = client.socket()
    const closed = new Promise<number>((resolve) => {
      socket.on('closed', (event) => resolve((event as { code: number }).code))
    })
    const open = new Promise<void>((resolve) => socket.on('connected', () => resolve()))
    socket.subscribe({ query: 'subscription { documentsChanged { id } }' }, { next() {}, error() {}, complete() {} })
    await open
    await owner.ask(`mutation ($id: ID!) { revokeApiKey(id: $id) { __typename } }`, { id })
    expect(await statusOf(house, token)).toEqual({ status: 401, code: 'UNAUTHENTICATED' })
    expect(await closed).toBe(4403)
    await socket.dispose()
  })

  test('a rotated key holds under both secrets during its days of grace, and under the new one alone without', async () => {
    const { id, token } = await makeKey(owner, { url: house.url, kind: 'INTERNAL' })
    const rotate = async (graceDays: number): Promise<string> => {
      const { rotateApiKey } = await owner.ask<{ rotateApiKey: { token: string } }>(
        `mutation ($id: ID!, $graceDays: Int) { rotateApiKey(id: $id, graceDays: $graceDays) { ... on NewApiKey { token } } }`,
        { id, graceDays },
      )
      return rotateApiKey.token
    }
    const second = await rotate(1)
    expect([(await statusOf(house, token)).status, (await statusOf(house, second)).status]).toEqual([200, 200])
    const third = await rotate(0)
    expect([(await statusOf(house, second)).status, (await statusOf(house, third)).status]).toEqual([401, 200])
  })

  test('a key for other networks is refused here, a mistyped one is told so, and a made-up one is not looked up', async () => {
    const elsewhere = await makeKey(owner, { url: house.url, kind: 'INTERNAL', networks: ['203.0.113.0/24'] })
    const here = await makeKey(owner, { url: house.url, kind: 'INTERNAL', networks: ['127.0.0.0/8', '::1/128'] })
    expect((await statusOf(house, elsewhere.token)).status).toBe(401)
    expect((await statusOf(house, here.token)).status).toBe(200)
    const response = await answerTo(house, `${here.token.slice(0, -1)}${here.token.endsWith('0') ? '1' : '0'}`)
    expect(response.status).toBe(401)
    expect(await response.text()).toContain('mistyped')
  })

  test('a key of one organisation reads nothing of another', async () => {
    const they = await signUp(house.url)
    const theirs = await makeKey(they, { url: house.url, kind: 'INTERNAL' })
    const { document, shipment } = population
    const read = `query ($document: ID!, $shipment: ID!) { document(id: $document) { id } shipment(id: $shipment) { id } documents { totalCount } shipments { totalCount } }`
    expect(await theirs.client.ask(read, { document, shipment })).toEqual({
      document: null,
      shipment: null,
      documents: { totalCount: 0 },
      shipments: { totalCount: 0 },
    })
  })

  test('a key that was given little can do little', async () => {
    const reader = await makeKey(owner, { url: house.url, kind: 'INTERNAL', scopes: ['record:read'] })
    expect(await reader.client.ask(`{ shipments { nodes { __typename } } }`)).toBeTruthy()
    const { errors } = await reader.client.answer(`{ documents { nodes { id } } }`)
    expect(errors?.[0]?.extensions?.code).toBe('FORBIDDEN')
    const { createUpload } = await reader.client.ask<{ createUpload: { __typename: string } }>(
      `mutation { createUpload(input: { filename: "a.txt", size: 3 }) { __typename } }`,
    )
    expect(createUpload.__typename).toBe('NotAllowed')
  })
}

function answerTo(house: Passerelle, token: string): Promise<Response> {
  return fetch(`${house.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query: '{ viewer { organization { id } } }' }),
  })
}

async function statusOf(house: Passerelle, token: string): Promise<{ status: number; code: string | undefined }> {
  const response = await answerTo(house, token)
  const body = (await response.json()) as { errors?: { extensions: { code: string } }[] }
  return { status: response.status, code: body.errors?.[0]?.extensions.code }
}
