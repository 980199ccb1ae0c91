import { afterAll, beforeAll, expect, test } from 'vitest'
import { publish } from '@passerelle/platform/facts'
import { newId } from '@passerelle/platform/ids'
import type { Viewer } from '@passerelle/platform/schema'
import { rowsOf } from '@passerelle/platform/sql'
import { openTestTenancy, type TestTenancy } from '../tenancy.testing.ts'
import { clientLetterQueue, writeClientLetter } from './client-letter.ts'

let town: TestTenancy
/** What the federated graph answers the client who asks. */
let seen: { email: string | null; request: object | null }
let asked: Viewer | undefined

beforeAll(async () => {
  town = await openTestTenancy({
    readGraph: async ({ viewer }) => {
      asked = viewer
      const client = { name: 'Mme Martin', email: seen.email }
      return { data: { viewer: { organization: { name: 'Fret Sud' }, client }, serviceRequest: seen.request } }
    },
  })
})
afterAll(() => town.close())

const at = '2026-11-20T10:00:00.000Z'
const later = '2026-11-20T10:01:00.000Z'

function requestWith({ message = at, author = 'HOUSE' }: { message?: string; author?: string } = {}) {
  return {
    title: 'Fuite sous l’évier',
    status: 'SCHEDULED',
    scheduledFor: '2026-12-01T08:30:00.000Z',
    messages: { nodes: [{ author, createdAt: message }] },
    events: { nodes: [{ author: 'CLIENT', occurredAt: '2026-11-20T09:00:00.000Z' }] },
  }
}

/** An organisation, and a client of it who can come in by a link until the moment. */
async function openHouse({ linkUntil = '2099-01-01' }: { linkUntil?: string } = {}) {
  const viewer = await town.viewerOf(await town.signUp())
  const clientId = newId('cli')
  await town.platform.sql.withOrganization(viewer, (tx) =>
    rowsOf(
      tx,
      `insert into tenancy.client_link (id, organization_id, client_id, hash, created_by, expires_at) values ($1, $2, $3, $1, $4, $5)`,
      [newId('clk'), viewer.organizationId, clientId, viewer.userId, linkUntil],
    ),
  )
  seen = { email: 'martin@exemple.fr', request: requestWith() }
  return { viewer, clientId }
}

async function write(viewer: Viewer, clientId: string, letterId = newId('msg')): Promise<string[]> {
  const pending = { requestId: newId('req'), clientId, at, letterId }
  await writeClientLetter(town.platform, viewer.organizationId, pending)
  const { nodes } = await town.platform.mail.kept(viewer, { first: 10, after: null })
  return nodes.filter(({ to }) => to === 'martin@exemple.fr').map(({ subject, text }) => `${subject}\n${text}`)
}

test('a client is written to that there is an answer and where, read as the client', async () => {
  const { viewer, clientId } = await openHouse()
  const [letter = '', ...others] = await write(viewer, clientId)
  expect(others).toEqual([])
  expect(letter).toContain('Fret Sud vous a répondu')
  expect(letter).toMatch(/« Fuite sous l’évier ». Elle est planifiée, prévue le 1 décembre 2026/)
  expect(letter).toMatch(/\/portal\n/)
  expect(asked).toMatchObject({ clientId, userId: null, roles: [], scopes: ['own:read', 'own:write'] })
})

test('one fact is written of once, however often its job is done', async () => {
  const { viewer, clientId } = await openHouse()
  const letterId = newId('msg')
  await write(viewer, clientId, letterId)
  expect(await write(viewer, clientId, letterId)).toHaveLength(1)
})

test('nobody is written to who cannot come in, has no address, does not see the request, or has gone on with it', async () => {
  const closed = await openHouse({ linkUntil: '2020-01-01' })
  expect(await write(closed.viewer, closed.clientId)).toEqual([])
  const { viewer, clientId } = await openHouse()
  for (const change of [
    { email: null },
    { request: null },
    { request: requestWith({ message: later }) },
    { request: requestWith({ message: later, author: 'CLIENT' }) },
  ]) {
    seen = { email: 'martin@exemple.fr', request: requestWith(), ...change }
    expect(await write(viewer, clientId)).toEqual([])
  }
})

test('to one address no more than twenty letters are written in a day, whichever clients have it, and to others all the same', async () => {
  const { viewer, clientId } = await openHouse()
  for (let letter = 0; letter < 21; letter++) await write(viewer, clientId)
  const { nodes } = await town.platform.mail.kept(viewer, { first: 100, after: null })
  expect(nodes.filter(({ to }) => to === 'martin@exemple.fr')).toHaveLength(20)
  seen = { email: 'durand@exemple.fr', request: requestWith() }
  await write(viewer, clientId)
  const again = await town.platform.mail.kept(viewer, { first: 100, after: null })
  expect(again.nodes.filter(({ to }) => to === 'durand@exemple.fr')).toHaveLength(1)
})

test('a letter is expected of what the house says and does for a client, not of its notes, of what the client does and of what is taken back', async () => {
  const { viewer, clientId } = await openHouse()
  const { organizationId } = viewer
  const { facts, jobs, sql } = town.platform
  const told = { clientId, status: 'ACCEPTED', author: 'HOUSE', at: new Date().toISOString() }
  const happened: [id: string, type: string, payload: object][] = [
    ['req_moved', 'status_changed', told],
    ['req_said', 'message_added', { ...told, internal: false }],
    ['req_noted', 'message_added', { ...told, internal: true }],
    ['req_own', 'message_added', { ...told, author: 'CLIENT' }],
    ['req_back', 'status_changed', { ...told, status: 'NEW' }],
    ['req_house', 'status_changed', { ...told, clientId: null }],
  ]
  await sql.withOrganization(viewer, async (tx) => {
    for (const [id, type, payload] of happened)
      publish(tx, { type: `service_request.${type}`, payload: { id, ...payload } })
  })
  const position = await facts.head(organizationId)
  expect(await facts.reached('tenancy.client-letters', { organizationId, position }, { timeoutMs: 60_000 })).toBe(true)
  const expected: string[] = []
  for (const [requestId] of happened)
    if ((await jobs.unfinished(clientLetterQueue, { organizationId, data: { requestId } })) > 0)
      expected.push(requestId)
  expect(expected).toEqual(['req_moved', 'req_said'])
})
