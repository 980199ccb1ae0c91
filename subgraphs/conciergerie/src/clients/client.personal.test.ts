import { expect, test } from 'vitest'
import { newId } from '@passerelle/platform/ids'
import type { Viewer } from '@passerelle/platform/schema'
import { createSubject, subjectInput } from '@passerelle/platform/privacy'
import { sealedPattern } from '@passerelle/platform/sealing'
import { resealOrganization } from '@passerelle/platform/sealing/round'
import { createTestViewer, useSubgraph } from '@passerelle/platform/subgraph/testing'
import { clientTable } from './client.personal.ts'
import { conciergerie } from '../index.ts'
import { personalData } from '../personal-data.ts'

const town = useSubgraph(conciergerie)

async function create(viewer: Viewer, input: { name: string; email?: string; phone?: string }): Promise<string> {
  const text = `mutation ($input: CreateClientInput!) { createClient(input: $input) { ... on Client { id } } }`
  return (await town.client.data<{ createClient: { id: string } }>(viewer, text, { input })).createClient.id
}

async function found(viewer: Viewer, search: string): Promise<{ name: string; email: string | null }[]> {
  const text = 'query ($search: String) { clients(first: 10, search: $search) { nodes { name email } } }'
  const { clients } = await town.client.data<{ clients: { nodes: { name: string; email: string | null }[] } }>(
    viewer,
    text,
    { search },
  )
  return clients.nodes
}

interface Row {
  id: string
  email: string
  phone: string
  whole: string
}

async function rows(viewer: Viewer): Promise<Row[]> {
  return town.platform.database.asOwner<Row>(
    `select id, email, phone, client::text as whole from conciergerie.client as client where organization_id = $1`,
    [viewer.organizationId],
  )
}

/** As an installation of before wrote it. */
async function writeInTheClear(viewer: Viewer): Promise<void> {
  await town.platform.database.asOwner(
    `insert into conciergerie.client (id, organization_id, name, email, phone, sort_name, search)
     values ($1, $2, 'Zoé Canari', 'Zoe@canari.example', '06 12 34 56 78', 'zoe canari', E'\\nzoe canari\\nzoe@canari.example')`,
    [newId('cli'), viewer.organizationId],
  )
}

const reseal = ({ organizationId }: Viewer) =>
  resealOrganization(town.platform, { organizationId, tables: [clientTable] })

test('how to reach a client is nowhere in the row, and shown to whoever may read it', async () => {
  const viewer = createTestViewer()
  await create(viewer, { name: 'Zoé', email: 'Zoe@canari.example', phone: '06 12 34 56 78' })
  const [row] = await rows(viewer)
  expect(row?.email).toMatch(sealedPattern)
  expect(row?.phone).toMatch(sealedPattern)
  expect(row?.whole).not.toMatch(/canari|12 ?34|612345678/i)
  expect(await found(viewer, 'zoe')).toEqual([{ name: 'Zoé', email: 'Zoe@canari.example' }])
})

test('a client is found by a whole address or number in any printed form, not by a part of one', async () => {
  const viewer = createTestViewer()
  await create(viewer, { name: 'Martin', email: 'Zoe@canari.example', phone: '06 12 34 56 78' })
  for (const whole of ['zoe@CANARI.example', '0612345678', '+33 6 12 34 56 78'])
    expect(await found(viewer, whole)).toHaveLength(1)
  for (const part of ['zoe@', 'canari', '345678']) expect(await found(viewer, part)).toEqual([])
  expect(await found(createTestViewer(), 'zoe@canari.example')).toEqual([])
})

test('a row from before is read as it is, and the round closes it once', async () => {
  const viewer = createTestViewer()
  await writeInTheClear(viewer)
  expect(await found(viewer, 'zoe@canari.example')).toEqual([{ name: 'Zoé Canari', email: 'Zoe@canari.example' }])
  expect(await reseal(viewer)).toBe(1)
  expect(await reseal(viewer)).toBe(0)
  const [row] = await rows(viewer)
  expect(row?.email).toMatch(sealedPattern)
  expect(row?.whole).not.toContain('canari.example')
  expect(await found(viewer, 'zoe@canari.example')).toEqual([{ name: 'Zoé Canari', email: 'Zoe@canari.example' }])
})

test('after a rotation the round closes every row with the new key, and nothing else changes', async () => {
  const viewer = createTestViewer()
  for (let index = 0; index < 3; index++)
    await create(viewer, { name: `Client ${index}`, email: `c${index}@canari.example` })
  const before = await rows(viewer)
  await town.platform.sealing.rotate(viewer)
  expect(await found(viewer, 'c1@canari.example')).toHaveLength(1)
  expect(await reseal(viewer)).toBe(3)
  const after = await rows(viewer)
  const keyOf = ({ email }: Row) => email.split(':')[1]
  expect(new Set([...before, ...after].map(keyOf)).size).toBe(2)
  expect(new Set(after.map(keyOf)).size).toBe(1)
  expect(await found(viewer, 'c1@canari.example')).toEqual([{ name: 'Client 1', email: 'c1@canari.example' }])
})

test('a sealed value that is moved to another row, or another organisation, is not shown', async () => {
  const [viewer, other] = [createTestViewer(), createTestViewer()]
  const id = await create(viewer, { name: 'Zoé', email: 'zoe@canari.example' })
  const thief = await create(viewer, { name: 'Voleur', email: 'v@canari.example' })
  const foreign = await create(other, { name: 'Voisin', email: 'v@canari.example' })
  for (const [target, who] of [
    [thief, viewer],
    [foreign, other],
  ] as const) {
    await town.platform.database.asOwner(
      `update conciergerie.client set email = (select email from conciergerie.client where id = $1) where id = $2`,
      [id, target],
    )
    const { data, errors } = await town.client.ask(who, 'query ($id: ID!) { client(id: $id) { name email } }', {
      id: target,
    })
    expect(JSON.stringify(data ?? null)).not.toContain('zoe@canari.example')
    expect(errors).not.toEqual([])
  }
})

test('a client is erased whichever word of the name stands first, and one that is called after them is covered', async () => {
  const [viewer, neighbour] = [createTestViewer(), createTestViewer()]
  for (const name of ['Mme CANARI Zoé', 'Indivision Zoé_Canari', 'Zoé Canarienne']) await create(viewer, { name })
  await create(neighbour, { name: 'CANARI Zoé' })
  const subject = createSubject(viewer.organizationId, subjectInput.parse({ names: ['Zoé Canari'] }))
  const { signal } = new AbortController()
  const request = { organizationId: viewer.organizationId, subject, signal, choice: 'DELETE_DOCUMENTS' as const }
  const [held] = await personalData.find(town.platform, request)
  expect(held).toMatchObject({ store: 'conciergerie.client', ids: [expect.any(String), expect.any(String)] })
  for (let time = 0; time < 2; time++) await personalData.erase(town.platform, request)
  expect(await personalData.find(town.platform, request)).toEqual([])
  expect((await found(viewer, '')).map(({ name }) => name)).toEqual(['Indivision ██████████', 'Zoé Canarienne'])
  expect(await found(viewer, 'canari')).toHaveLength(1)
  expect(await found(neighbour, '')).toHaveLength(1)
})
