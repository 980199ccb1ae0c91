import { Readable } from 'node:stream'
import { inflateRawSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { blindIndexPattern, installation, sealedPattern } from '@passerelle/platform/sealing'
import { resealQueue } from '@passerelle/platform/sealing/round'
import { createSubject, subjectInput, type PersonalData, type SubjectInput } from '@passerelle/platform/privacy'
import { housePersonalData } from '@passerelle/platform/privacy/house'
import { EngineUnavailable, type Viewer } from '@passerelle/platform/schema'
import type { Work } from '@passerelle/platform/subgraph'
import {
  createTestClient,
  createTestViewer,
  openTestPlatform,
  type TestClient,
  type TestPlatform,
} from '@passerelle/platform/subgraph/testing'
import { carryOutErasure } from './erasure.ts'
import { personErasure } from './erasure.approval.ts'
import { tenancy } from '../index.ts'
import { sealAddresses } from './personal-data.addresses.ts'
import { carryOutExport } from './personal-data-export.ts'
import { exportsPerDay } from './personal-data-export.limits.ts'
import { exportQueue } from './personal-data-export.queue.ts'
import { holdRequest, updateRequest } from './personal-data-request.store.ts'
import { lookAfter } from './personal-data.rounds.ts'
import { newId } from '@passerelle/platform/ids'

let platform: TestPlatform
let client: TestClient
let work: Work | undefined
/** Where exports wait, while one is to. */
let gate: { reached: () => void; opened: Promise<void> } | null = null

const waitingRoom: PersonalData = {
  find: async () => [],
  async *export() {
    gate?.reached()
    await gate?.opened
    yield { path: 'waiting.txt', content: 'Zoé Canari' }
  },
  erase: async () => {},
}

beforeAll(async () => {
  vi.stubEnv('PASSERELLE_ERASURE_DELAY_DAYS', '0')
  platform = await openTestPlatform({
    sets: [tenancy.migrations],
    queues: [...tenancy.queues, resealQueue],
    engines: {
      personalData: new Map([
        ['platform', housePersonalData],
        ['tenancy', tenancy.personalData ?? housePersonalData],
        ['waiting', waitingRoom],
      ]),
      readGraph: async () => ({ data: { clients: { nodes: [] } } }),
      sealedTables: tenancy.sealedTables ?? [],
    },
  })
  work = await tenancy.work?.(platform)
  client = createTestClient(platform, tenancy)
})

afterAll(async () => {
  vi.unstubAllEnvs()
  await work?.stop()
  await platform.close()
})

interface Town {
  owner: Viewer
  colleague: Viewer
  name: string
}

/** An organisation with an owner and somebody else, who may have an account elsewhere. */
async function settle(
  person: { id: string; email: string } = { id: newId('usr'), email: `${newId('p')}@exemple.fr` },
): Promise<Town> {
  const owner = createTestViewer()
  const name = `Fret ${owner.organizationId}`
  const run = (text: string, given: unknown[]) => platform.database.asOwner(text, given)
  await run('insert into tenancy.organization (id, name) values ($1, $2)', [owner.organizationId, name])
  for (const [id, email, roles] of [
    [owner.userId, `${newId('o')}@exemple.fr`, ['OWNER']],
    [person.id, person.email, ['ADMIN']],
  ]) {
    await run(
      `insert into tenancy.person (id, email, email_key, name, password_hash) values ($1, $2, $2, 'Zoé Canari', 'x') on conflict do nothing`,
      [id, email],
    )
    await run('insert into tenancy.member (organization_id, user_id, roles) values ($1, $2, $3)', [
      owner.organizationId,
      id,
      roles,
    ])
  }
  // As a start does with what an installation of before has written.
  await sealAddresses(platform)
  await platform.mail.send({
    organizationId: owner.organizationId,
    to: person.email,
    subject: 'Bonjour',
    text: 'Bienvenue Zoé Canari',
  })
  return {
    owner,
    colleague: { ...createTestViewer({ organizationId: owner.organizationId }), userId: person.id, roles: ['ADMIN'] },
    name,
  }
}

const fields = `__typename ... on Refusal { code message } ... on PrivacyRequest { id state kind receipt archiveUrl approvalId }`

interface Asked {
  __typename: string
  id: string
  state: string
  receipt: string | null
  archiveUrl: string | null
  approvalId: string | null
  message?: string
}

async function askToErase(viewer: Viewer, subject: object): Promise<Asked> {
  const text = `mutation ($subject: DataSubjectInput!) { erasePersonalData(subject: $subject, choice: REDACT_MENTIONS) { ${fields} } }`
  return (await client.data<{ erasePersonalData: Asked }>(viewer, text, { subject })).erasePersonalData
}

/** What the approvals' worker does once a second person has said yes. */
async function approve(viewer: Viewer, requestId: string, deciderId: string): Promise<void> {
  const action = {
    id: 'apr_1',
    payload: { requestId },
    author: 'PERSON' as const,
    proposerId: viewer.userId,
    deciderId,
    signal: AbortSignal.timeout(60_000),
    settle: async () => {},
  }
  await personErasure.carryOut(platform, viewer, action)
}

async function requestOf(viewer: Viewer, id: string): Promise<Asked | undefined> {
  const text = '{ privacyRequests(first: 50) { nodes { id state kind receipt archiveUrl approvalId } } }'
  const { privacyRequests } = await client.data<{ privacyRequests: { nodes: Asked[] } }>(viewer, text)
  return privacyRequests.nodes.find((one) => one.id === id)
}

const finished = (viewer: Viewer, id: string): Promise<Asked> =>
  vi.waitFor(
    async () => {
      const asked = await requestOf(viewer, id)
      if (asked?.state !== 'DONE') throw new Error(`It is ${asked?.state}.`)
      return asked
    },
    { timeout: 60_000, interval: 100 },
  )

async function rowsOf(table: string, organizationId: string): Promise<object[]> {
  return platform.database.asOwner(`select * from ${table} where organization_id = $1`, [organizationId])
}

test('what is held of somebody is counted store by store, for who may, and that somebody looked is written down', async () => {
  const { owner, colleague } = await settle()
  const text = 'query ($subject: DataSubjectInput!) { personalData(subject: $subject) { store count kept } }'
  const subject = { userId: colleague.userId }
  const { personalData } = await client.data<{ personalData: { store: string; count: number }[] }>(owner, text, {
    subject,
  })
  expect(personalData).toContainEqual({ store: 'platform.mail', count: 1, kept: null })
  expect(personalData).toContainEqual({ store: 'tenancy.member', count: 1, kept: null })
  const [entry] = await rowsOf('platform.audit_entry', owner.organizationId)
  expect(entry).toMatchObject({ action: 'personal_data.looked_up' })
  const viewer = createTestViewer({ organizationId: owner.organizationId, roles: ['VIEWER'] })
  expect((await client.ask(viewer, text, { subject })).errors).not.toEqual([])
  const stranger = createTestViewer()
  expect((await client.ask(stranger, text, { subject })).errors).not.toEqual([])
})

test('nobody is looked for by a single word', async () => {
  const { owner } = await settle()
  expect(await askToErase(owner, { names: ['Zoé'] })).toMatchObject({ __typename: 'InvalidInput' })
  expect(await askToErase(owner, {})).toMatchObject({ __typename: 'InvalidInput' })
})

test('a person is erased in one organisation and not in the other, and the receipt holds', async () => {
  const person = { id: newId('usr'), email: `${newId('canari')}@exemple.fr` }
  const [town, other] = [await settle(person), await settle(person)]
  const { owner } = town
  const asked = await askToErase(owner, { emails: [person.email] })
  expect(asked).toMatchObject({ state: 'PENDING' })
  const [row] = await platform.database.asOwner<{ subject: string }>(
    'select subject from tenancy.privacy_request where id = $1',
    [asked.id],
  )
  expect(row?.subject).toMatch(sealedPattern)
  await approve(owner, asked.id, newId('usr'))
  const { receipt } = await finished(owner, asked.id)
  for (const table of ['tenancy.member', 'platform.mail']) {
    expect(await rowsOf(table, other.owner.organizationId)).not.toEqual([])
    expect(JSON.stringify(await rowsOf(table, owner.organizationId))).not.toContain(person.id)
  }
  expect(await rowsOf('platform.mail', owner.organizationId)).toEqual([])
  expect(await platform.database.asOwner('select id from tenancy.person where id = $1', [person.id])).toHaveLength(1)
  expect(JSON.parse(receipt ?? '{}')).toMatchObject({
    receipt: {
      id: asked.id,
      erased: expect.arrayContaining([expect.objectContaining({ store: 'platform.mail', count: 1 })]),
    },
  })
  expect(receipt).not.toMatch(/canari/i)
  const dump = JSON.stringify(
    await platform.database.asOwner('select * from tenancy.privacy_request where id = $1', [asked.id]),
  )
  expect(dump).not.toContain(person.email)
  const verify = async (text: string | null) =>
    (
      await client.data<{ verifyReceipt: object }>(
        owner,
        'query ($receipt: String!) { verifyReceipt(receipt: $receipt) { isReceipt isSigned isOurs } }',
        { receipt: text },
      )
    ).verifyReceipt
  expect(await verify(receipt)).toEqual({ isReceipt: true, isSigned: true, isOurs: true })
  expect(await verify(receipt?.replace('"count": 1', '"count": 2') ?? '')).toEqual({
    isReceipt: true,
    isSigned: false,
    isOurs: false,
  })
  expect(await verify('nothing')).toEqual({ isReceipt: false, isSigned: false, isOurs: false })
})

test('an erasure that breaks off goes on where it was, and counts what there was before it began', async () => {
  const { owner, colleague } = await settle()
  let tries = 0
  const rooms = new Map(platform.personalData)
  const broken: PersonalData = {
    find: async () => [],
    export: async function* () {},
    async erase() {
      if (++tries === 1) throw new Error('The process was killed.')
    },
  }
  const order = { organizationId: owner.organizationId, signal: AbortSignal.timeout(60_000) }
  const asked = await askToErase(owner, { userId: colleague.userId })
  const keys = await platform.sealing.keysOf(owner.organizationId)
  await platform.sql.withOrganization(owner, async (tx) => {
    const held = await holdRequest(tx, keys, asked.id)
    if (held) await updateRequest(tx, keys, { ...held, state: 'RUNNING' })
  })
  const data = { requestId: asked.id, requestedBy: owner.userId, requestedAt: new Date().toISOString() }
  const house = { ...platform, personalData: new Map([...rooms, ['broken', broken]]) }
  await expect(carryOutErasure(house, { ...order, data })).rejects.toThrow('killed')
  expect(await rowsOf('platform.mail', owner.organizationId)).toEqual([])
  await carryOutErasure(house, { ...order, data })
  expect(tries).toBe(2)
  const done = await finished(owner, asked.id)
  expect(JSON.parse(done.receipt ?? '{}')).toMatchObject({
    receipt: { erased: expect.arrayContaining([expect.objectContaining({ store: 'platform.mail', count: 1 })]) },
  })
})

test('an account goes with its last membership', async () => {
  const { owner, colleague } = await settle()
  const asked = await askToErase(owner, { userId: colleague.userId })
  await approve(owner, asked.id, newId('usr'))
  await finished(owner, asked.id)
  expect(await platform.database.asOwner('select id from tenancy.person where id = $1', [colleague.userId])).toEqual([])
})

test('whoever may do less than a member does not have them erased', async () => {
  const { owner, colleague } = await settle()
  expect(await askToErase(colleague, { userId: owner.userId })).toMatchObject({ __typename: 'NotAllowed' })
})

/** What an archive of the person has in it, but for its files. */
async function takeAlong({ organizationId }: Viewer, input: SubjectInput): Promise<Map<string, string>> {
  const subject = createSubject(organizationId, subjectInput.parse(input))
  const request = { organizationId, subject, clientIds: [], signal: new AbortController().signal }
  const files = new Map<string, string>()
  for (const room of platform.personalData.values())
    for await (const { path, content } of room.export(platform, request)) files.set(path, String(content))
  return files
}

test('an archive has what a member did, and the invitations to them', async () => {
  const { owner, colleague } = await settle()
  const text = `mutation { inviteMember(email: "leo@exemple.fr", roles: [ADMIN]) { __typename } }`
  await client.data(owner, text, {})
  const invited = await takeAlong(owner, { emails: ['leo@exemple.fr'] })
  expect(JSON.parse(invited.get('tenancy/invitation.json') ?? '')).toMatchObject([{ email: 'leo@exemple.fr' }])
  expect(invited.get('tenancy/invitation.json')).not.toMatch(/hash|_key/)
  const { acts } = JSON.parse((await takeAlong(owner, { userId: owner.userId })).get('tenancy/account.json') ?? '')
  expect(acts).toContainEqual(expect.objectContaining({ action: 'invitation.sent' }))
  expect((await takeAlong(owner, { userId: colleague.userId })).get('tenancy/invitation.json')).toBeUndefined()
})

test('a person goes from what programs outside were told and said, and from what was proposed, and no archive is given out after', async () => {
  const { owner } = await settle()
  const { organizationId } = owner
  const id = newId('run')
  const said = JSON.stringify({ guest: 'Zoé Canari', 'Zoé Canari': 1, 'Canari, Zoé': 2 })
  const to = 'otto@exemple.fr'
  await platform.mail.send({ organizationId, to, subject: 'Clés de Zoé Canari', text: 'À rendre à Zoé Canari.' })
  const run = (text: string) => platform.database.asOwner(text, [organizationId, id, said])
  await run(`insert into tenancy.workflow_endpoint (id, organization_id, name, url, secret, completion, timeout_minutes)
    values ($2, $1, $3, '', '', 'CALLBACK', 1)`)
  await run(`insert into tenancy.workflow_run (id, organization_id, endpoint_id, request_id, state, input, result, failure, key_hash, deadline_at)
    values ($2, $1, $2, $2, 'DONE', $3::jsonb, $3::jsonb, $3, '', now())`)
  await run(
    'insert into tenancy.workflow_step (organization_id, run_id, number, name, message) values ($1, $2, 1, $3, $3), ($1, $2, 2, $3, $3)',
  )
  await run(`insert into tenancy.webhook (id, organization_id, kind, name, url, types, after_position)
    values ($2, $1, 'FACTS', $3, '', '{}', 0)`)
  await run(`insert into tenancy.webhook_delivery (id, organization_id, webhook_id, type, body, state)
    values ($2, $1, $2, '', $3, 'DELIVERED')`)
  await run('insert into tenancy.webhook_attempt (organization_id, delivery_id, number, answer) values ($1, $2, 1, $3)')
  await run(`insert into platform.approval (id, organization_id, kind, payload, proposed_payload, preview, status, author, note, reason, required_scopes,
    four_eyes, created_at, updated_at, expires_at)
    values ($2, $1, 'NOTE', $3::jsonb, $3::jsonb, $3::jsonb, 'DONE', 'KEY', $3, $3, '{}', false, now(), now(), now())`)
  await run(`insert into tenancy.privacy_request (id, organization_id, kind, state, file_hash, file_size, expires_at)
    values ($2, $1, 'ORGANIZATION_EXPORT', 'DONE', repeat(left(md5($3), 1), 64), 1, now() + interval '1 day')`)
  const known = await takeAlong(owner, { names: ['Zoé Canari'] })
  for (const path of [
    'tenancy/workflow_endpoint',
    'tenancy/workflow_run',
    'tenancy/workflow_step',
    'tenancy/webhook',
    'tenancy/webhook_delivery',
    'tenancy/webhook_attempt',
    'platform/proposals',
  ])
    expect(known.get(`${path}.json`)).toContain('Zoé Canari')
  expect(known.get('tenancy/workflow_run.json')).not.toContain('key_hash')
  const asked = await askToErase(owner, { names: ['Zoé Canari'] })
  await approve(owner, asked.id, newId('usr'))
  const { receipt } = await finished(owner, asked.id)
  for (const table of [
    'workflow_endpoint',
    'workflow_run',
    'workflow_step',
    'webhook',
    'webhook_delivery',
    'webhook_attempt',
  ]) {
    expect(receipt).toContain(`"tenancy.${table}"`)
    expect(JSON.stringify(await rowsOf(`tenancy.${table}`, organizationId))).not.toContain('Canari')
  }
  expect(JSON.stringify(await rowsOf('platform.approval', organizationId))).not.toContain('Canari')
  const [ran] = (await rowsOf('tenancy.workflow_run', organizationId)) as { input: Record<string, unknown> }[]
  expect(Object.values(ran?.input ?? {})).toHaveLength(3)
  const { nodes } = await platform.mail.kept({ organizationId }, { first: 10, after: null })
  expect(nodes.filter((mail) => mail.to === to)).toMatchObject([
    { subject: 'Clés de ███ ██████', text: 'À rendre à ███ ██████.' },
  ])
  expect(await requestOf(owner, id)).toMatchObject({ archiveUrl: null })
})

test('keys that callers gave with a name in them are another, and stay one of each', async () => {
  const { owner } = await settle()
  const { organizationId } = owner
  const run = (text: string, given: unknown[]) => platform.database.asOwner(text, [organizationId, ...given])
  const endpoint = newId('wfe')
  await run(
    `insert into tenancy.workflow_endpoint (id, organization_id, name, url, secret, completion, timeout_minutes)
     values ($2, $1, 'Relance', '', '', 'CALLBACK', 1)`,
    [endpoint],
  )
  const keys = ['relance zoe_canari', 'relance/ZOÉ-CANARI', 'relance 7']
  for (const key of keys) {
    await run(
      `insert into tenancy.workflow_run (id, organization_id, endpoint_id, request_id, state, input, key_hash, deadline_at)
       values ($2, $1, $3, $4, 'DONE', '{}', '', now())`,
      [newId('wfr'), endpoint, key],
    )
    await run(
      `insert into platform.approval (id, organization_id, kind, payload, proposed_payload, preview, status, author, required_scopes, four_eyes, created_at,
         updated_at, expires_at, request_key)
       values ($2, $1, 'NOTE', '{}', '{}', '{}', 'DONE', 'KEY', '{}', false, now(), now(), now(), $3)`,
      [newId('apr'), key],
    )
  }
  const asked = await askToErase(owner, { names: ['Zoé Canari'] })
  await approve(owner, asked.id, newId('usr'))
  const { receipt } = await finished(owner, asked.id)
  expect(receipt).toContain('"tenancy.workflow_run"')
  expect(receipt).toContain('"platform.approval"')
  const runs = (await rowsOf('tenancy.workflow_run', organizationId)) as { id: string; request_id: string }[]
  expect(runs.map(({ id, request_id }) => (request_id === id ? 'its id' : request_id)).sort()).toEqual([
    'its id',
    'its id',
    'relance 7',
  ])
  const approvals = (await rowsOf('platform.approval', organizationId)) as {
    kind: string
    request_key: string | null
  }[]
  const noted = approvals.filter(({ kind }) => kind === 'NOTE').map(({ request_key }) => request_key)
  expect(noted).toHaveLength(3)
  expect(noted.filter((key) => key !== null)).toEqual(['relance 7'])
})

test('the last owner is not erased, and a request that was cancelled does not begin', async () => {
  const { owner, colleague } = await settle()
  expect(await askToErase(owner, { userId: owner.userId })).toMatchObject({ __typename: 'InvalidInput' })
  const asked = await askToErase(owner, { userId: colleague.userId })
  const text = `mutation ($id: ID!) { cancelPrivacyRequest(id: $id) { ${fields} } }`
  expect(
    (await client.data<{ cancelPrivacyRequest: Asked }>(owner, text, { id: asked.id })).cancelPrivacyRequest,
  ).toMatchObject({ state: 'CANCELLED' })
  expect(
    (await client.data<{ cancelPrivacyRequest: Asked }>(createTestViewer(), text, { id: asked.id }))
      .cancelPrivacyRequest,
  ).toMatchObject({ __typename: 'NotFound' })
  await expect(approve(owner, asked.id, newId('usr'))).rejects.toThrow('cancelled')
  expect(await rowsOf('tenancy.member', owner.organizationId)).toHaveLength(2)
})

/** An organisation with a second owner, whose erasure was asked for while the first was still one. */
async function settleTwoOwners(): Promise<{ owner: Viewer; second: string; asked: Asked; leave: () => Promise<void> }> {
  const { owner, colleague } = await settle()
  const { organizationId } = owner
  const setRoles = (id: string | null, roles: string[]) =>
    platform.database.asOwner('update tenancy.member set roles = $3 where organization_id = $1 and user_id = $2', [
      organizationId,
      id,
      roles,
    ])
  await setRoles(colleague.userId, ['OWNER'])
  const asked = await askToErase(owner, { userId: colleague.userId })
  const leave = async (): Promise<void> => void (await setRoles(owner.userId, ['MANAGER']))
  return { owner, second: colleague.userId ?? '', asked, leave }
}

test('whoever has become the last owner since is not erased when the second person says yes, who is told why', async () => {
  const { owner, second, asked, leave } = await settleTwoOwners()
  expect(asked).toMatchObject({ __typename: 'PrivacyRequest', state: 'PENDING' })
  await leave()
  await expect(approve(owner, asked.id, newId('usr'))).rejects.toMatchObject({
    code: 'INVALID_INPUT',
    message: expect.stringContaining('The last owner cannot be erased'),
  })
  expect(await requestOf(owner, asked.id)).toMatchObject({ state: 'PENDING' })
  expect(await rowsOf('tenancy.member', owner.organizationId)).toContainEqual(
    expect.objectContaining({ user_id: second, roles: ['OWNER'] }),
  )
})

test('whoever has become the last owner before their turn is not erased, and nothing of them either', async () => {
  const { owner, second, asked, leave } = await settleTwoOwners()
  const { organizationId } = owner
  const keys = await platform.sealing.keysOf(organizationId)
  await platform.sql.withOrganization(owner, async (tx) => {
    const held = await holdRequest(tx, keys, asked.id)
    if (held) await updateRequest(tx, keys, { ...held, state: 'RUNNING' })
  })
  await leave()
  const data = { requestId: asked.id, requestedBy: owner.userId, requestedAt: new Date().toISOString() }
  await carryOutErasure(platform, { organizationId, data, signal: AbortSignal.timeout(60_000) })
  expect(await requestOf(owner, asked.id)).toMatchObject({ state: 'REJECTED', receipt: null })
  expect(await rowsOf('tenancy.member', organizationId)).toContainEqual(expect.objectContaining({ user_id: second }))
  expect(await rowsOf('platform.mail', organizationId)).toHaveLength(1)
  expect(await rowsOf('platform.audit_entry', organizationId)).toContainEqual(
    expect.objectContaining({ action: 'privacy_request.rejected' }),
  )
  expect((await platform.erasures.list()).some(({ id }) => id === asked.id)).toBe(false)
})

test('what is known of a person is an archive that only its link opens', async () => {
  const { owner, colleague } = await settle()
  const { exportPersonalData: asked } = await client.data<{ exportPersonalData: Asked }>(owner, exportText, {
    subject: { userId: colleague.userId },
  })
  const { archiveUrl } = await finished(owner, asked.id)
  const [row] = await platform.database.asOwner<{ file_hash: string }>(
    'select file_hash from tenancy.privacy_request where id = $1',
    [asked.id],
  )
  const blob = await platform.blobs.open(owner.organizationId, row?.file_hash ?? '')
  const parts: Buffer[] = []
  for await (const part of blob?.stream ?? []) parts.push(part as Buffer)
  const texts = [
    ...Buffer.concat(parts)
      .toString('latin1')
      .matchAll(/PK\u0003\u0004/g),
  ].map(({ index }) => unpack(Buffer.concat(parts), index))
  expect(texts.join('\n')).toContain('Bienvenue Zoé Canari')
  expect(archiveUrl).toMatch(/^\/personal-data\/prv_\w+\.zip\?token=/)
  await platform.database.asOwner(`update tenancy.privacy_request set expires_at = now() where id = $1`, [asked.id])
  await lookAfter(platform)
  expect(await platform.blobs.open(owner.organizationId, row?.file_hash ?? '')).toBeNull()
  expect(await requestOf(owner, asked.id)).toMatchObject({ state: 'EXPIRED', archiveUrl: null })
})

const exportText = `mutation ($subject: DataSubjectInput!) { exportPersonalData(subject: $subject) { ${fields} } }`

async function eraseColleague({ owner, colleague }: Town): Promise<void> {
  const erasure = await askToErase(owner, { userId: colleague.userId })
  await approve(owner, erasure.id, newId('usr'))
  await finished(owner, erasure.id)
}

test('an export that is under way while somebody is erased ends with it, and leaves no archive', async () => {
  const town = await settle()
  const { owner } = town
  const reached = Promise.withResolvers<void>()
  const opened = Promise.withResolvers<void>()
  gate = { reached: reached.resolve, opened: opened.promise }
  const { exportPersonalData: asked } = await client.data<{ exportPersonalData: Asked }>(owner, exportText, {
    subject: { names: ['Zoé Canari'] },
  })
  await reached.promise
  gate = null
  await eraseColleague(town)
  opened.resolve()
  await vi.waitFor(
    async () => expect(await platform.jobs.unfinished(exportQueue, { organizationId: owner.organizationId })).toBe(0),
    { timeout: 60_000, interval: 50 },
  )
  expect(await requestOf(owner, asked.id)).toMatchObject({ state: 'EXPIRED', archiveUrl: null })
  expect(await rowsOf('tenancy.privacy_request', owner.organizationId)).toContainEqual(
    expect.objectContaining({ id: asked.id, subject: null, file_hash: null }),
  )
  const acts = await rowsOf('platform.audit_entry', owner.organizationId)
  expect(acts).toContainEqual(expect.objectContaining({ action: 'privacy_request.ended', subject_id: asked.id }))
})

test('an archive that is stored while its request is ended is removed', async () => {
  const town = await settle()
  const { owner } = town
  const { organizationId } = owner
  const stored: string[] = []
  const late = {
    ...platform,
    blobs: {
      ...platform.blobs,
      async put(...given: Parameters<typeof platform.blobs.put>) {
        const blob = await platform.blobs.put(...given)
        stored.push(blob.hash)
        await eraseColleague(town)
        return blob
      },
    },
  }
  const requestId = newId('prv')
  await platform.database.asOwner(
    `insert into tenancy.privacy_request (id, organization_id, kind, state) values ($1, $2, 'ORGANIZATION_EXPORT', 'RUNNING')`,
    [requestId, organizationId],
  )
  await carryOutExport(late, { organizationId, data: { requestId }, signal: AbortSignal.timeout(60_000) })
  expect(stored).toHaveLength(1)
  for (const hash of stored) expect(await platform.blobs.open(organizationId, hash)).toBeNull()
  await lookAfter(platform)
  expect(await rowsOf('tenancy.privacy_request', organizationId)).toContainEqual(
    expect.objectContaining({ id: requestId, state: 'EXPIRED', file_hash: null }),
  )
})

test('an archive that cannot be removed is tried again, and keeps nothing else from being looked after', async () => {
  const [first, second] = [await settle(), await settle()]
  const place = async ({ owner: { organizationId } }: Town) => {
    const { hash, size } = await platform.blobs.put(organizationId, Readable.from(newId('zip')), { maxBytes: 100 })
    const id = newId('prv')
    await platform.database.asOwner(
      `insert into tenancy.privacy_request (id, organization_id, kind, state, file_hash, file_size, expires_at)
       values ($1, $2, 'ORGANIZATION_EXPORT', 'DONE', $3, $4, now())`,
      [id, organizationId, hash, size],
    )
    return { id, organizationId, hash }
  }
  const [stuck, free] = [await place(first), await place(second)]
  const broken = {
    ...platform,
    blobs: {
      ...platform.blobs,
      async remove(organizationId: string, hash: string) {
        if (hash === stuck.hash) throw new EngineUnavailable('blobs')
        await platform.blobs.remove(organizationId, hash)
      },
    },
  }
  await lookAfter(broken)
  const stateOf = async ({ organizationId, id }: { organizationId: string; id: string }) =>
    (await rowsOf('tenancy.privacy_request', organizationId)).find((row) => 'id' in row && row.id === id)
  expect(await stateOf(free)).toMatchObject({ state: 'EXPIRED', file_hash: null })
  expect(await stateOf(stuck)).toMatchObject({ state: 'DONE', file_hash: stuck.hash })
  await lookAfter(platform)
  expect(await stateOf(stuck)).toMatchObject({ state: 'EXPIRED', file_hash: null })
  expect(await platform.blobs.open(stuck.organizationId, stuck.hash)).toBeNull()
})

test('an organisation exports so many persons, and itself so often, in a day, also when they are asked for at once', async () => {
  const { owner } = await settle()
  const { organizationId } = owner
  await platform.database.asOwner(
    `insert into tenancy.privacy_request (id, organization_id, kind, state, created_at)
     select 'prv_' || $1 || number, $1, 'PERSON_EXPORT', 'EXPIRED', now() - case when number = 0 then interval '25 hours' else interval '23 hours' end
     from generate_series(0, $2) as number`,
    [organizationId, exportsPerDay.PERSON_EXPORT - 2],
  )
  const refusal = '__typename ... on QuotaExceeded { limit used resetsAt }'
  interface Told {
    told: { __typename: string; resetsAt?: string }
  }
  const person = () =>
    client.data<Told>(
      owner,
      `mutation ($subject: DataSubjectInput!) { told: exportPersonalData(subject: $subject) { ${refusal} } }`,
      { subject: { names: ['Zoé Canari'] } },
    )
  const everything = () => client.data<Told>(owner, `mutation { told: exportOrganization { ${refusal} } }`)
  const all = await Promise.all([...Array.from({ length: 4 }, person), ...Array.from({ length: 5 }, everything)])
  const told = all.map(({ told: answer }) => answer)
  const made = ({ __typename }: Told['told']) => __typename === 'PrivacyRequest'
  expect([told.slice(0, 4).filter(made).length, told.slice(4).filter(made).length]).toEqual([2, 3])
  const refused = told.slice(0, 4).find((answer) => !made(answer))
  expect(refused).toMatchObject({ __typename: 'QuotaExceeded', limit: 50, used: 50 })
  const wait = new Date(refused?.resetsAt ?? 0).getTime() - Date.now()
  expect(wait > 0 && wait <= 3_600_000).toBe(true)
  expect(told.slice(4).find((answer) => !made(answer))).toMatchObject({ limit: 3, used: 3 })
})

function unpack(archive: Buffer, at: number): string {
  const start = at + 30 + archive.readUInt16LE(at + 26) + archive.readUInt16LE(at + 28)
  return inflateRawSync(archive.subarray(start)).toString('utf8')
}

test('an organisation is erased by its owner alone, who types its name, and leaves no row in any table', async () => {
  const { owner, colleague, name } = await settle()
  const other = await settle()
  const text = `mutation ($confirmation: String!) { eraseOrganization(confirmation: $confirmation) {
    __typename ... on OrganizationErasure { receiptUrl request { id state } } } }`
  type Erasure = {
    eraseOrganization: { __typename: string; receiptUrl: string; request: { id: string; state: string } }
  }
  const erase = (viewer: Viewer, confirmation: string) => client.data<Erasure>(viewer, text, { confirmation })
  const receipts = () => platform.database.asOwner<{ id: string }>('select id from tenancy.erasure_receipt', [])
  const before = await receipts()
  expect((await erase(colleague, name)).eraseOrganization.__typename).toBe('NotAllowed')
  expect((await erase(owner, 'Fret')).eraseOrganization.__typename).toBe('InvalidInput')
  expect(await receipts()).toEqual(before)
  const { eraseOrganization } = await erase(owner, name)
  expect(eraseOrganization).toMatchObject({ __typename: 'OrganizationErasure', request: { state: 'SCHEDULED' } })
  expect((await erase(owner, name)).eraseOrganization.__typename).toBe('InvalidInput')
  expect(await receipts()).toEqual([...before, { id: eraseOrganization.request.id }])
  await platform.coordination.memory.set(owner.organizationId, 'session:a', 'x', 600)
  await lookAfter(platform)
  const receipt = await vi.waitFor(
    async () => {
      const [row] = await platform.database.asOwner<{ receipt: object | null }>(
        'select receipt from tenancy.erasure_receipt where id = $1',
        [eraseOrganization.request.id],
      )
      if (!row?.receipt) throw new Error('There is no receipt yet.')
      return row.receipt
    },
    { timeout: 60_000, interval: 100 },
  )
  expect(receipt).toMatchObject({
    receipt: {
      kind: 'ORGANIZATION',
      erased: expect.arrayContaining([expect.objectContaining({ store: 'tenancy.member', count: 2 })]),
      kept: expect.arrayContaining([expect.objectContaining({ store: 'platform.audit_entry', reason: 'APPEND_ONLY' })]),
    },
  })
  expect(await tablesWith(owner.organizationId)).toEqual(['platform.audit_entry', 'platform.audit_head'])
  expect(await platform.coordination.memory.get(owner.organizationId, 'session:a')).toBeNull()
  expect(await platform.database.asOwner('select id from tenancy.person where id = $1', [colleague.userId])).toEqual([])
  expect(await tablesWith(other.owner.organizationId)).toContain('tenancy.member')
})

/** Every table of every schema that has a row of the organisation, by the catalogue. */
async function tablesWith(organizationId: string): Promise<string[]> {
  const tables = await platform.database.asOwner<{ name: string; column: string }>(
    `select table_schema || '.' || table_name as name, column_name as column from information_schema.columns
     join information_schema.tables using (table_schema, table_name)
     where table_type = 'BASE TABLE' and (column_name = 'organization_id' or table_schema || '.' || table_name || '.' || column_name = 'tenancy.organization.id') order by 1`,
  )
  expect(tables.length).toBeGreaterThan(30)
  const held: string[] = []
  for (const { name, column } of tables) {
    const rows = await platform.database.asOwner(`select from ${name} where ${column} = $1 limit 1`, [organizationId])
    if (rows.length > 0) held.push(name)
  }
  return held
}

test('the address of an account is in no row, and closed again with a new key of the installation', async () => {
  const { owner, colleague } = await settle()
  const rows = () =>
    platform.database.asOwner<{ email: string; email_key: string }>(
      'select email, email_key from tenancy.person where id = $1',
      [colleague.userId],
    )
  const [before] = await rows()
  expect(before?.email).toMatch(sealedPattern)
  expect(before?.email_key).toMatch(blindIndexPattern)
  await platform.sealing.rotate({ organizationId: installation })
  expect(await sealAddresses(platform)).toBeGreaterThan(0)
  expect(await sealAddresses(platform)).toBe(0)
  const [after] = await rows()
  expect(after?.email).not.toBe(before?.email)
  expect(after?.email_key).toBe(before?.email_key)
  const text = '{ viewer { organization { members(first: 10) { nodes { user { id email } } } } } }'
  const { data } = await client.ask<object>(owner, text)
  expect(JSON.stringify(data)).toMatch(/@exemple\.fr/)
})

test('keys are shown and rotated, and an index is no value', async () => {
  const { owner } = await settle()
  const [row] = await platform.database.asOwner<{ recipient: string; recipient_index: string }>(
    'select recipient, recipient_index from platform.mail where organization_id = $1',
    [owner.organizationId],
  )
  expect(row?.recipient).toMatch(sealedPattern)
  expect(row?.recipient_index).toMatch(blindIndexPattern)
  const text =
    'mutation { rotateSealingKey { ... on SealingState { keys { purpose number writes } tables { name outdated } } } }'
  const { rotateSealingKey } = await client.data<{ rotateSealingKey: { keys: { number: number; writes: boolean }[] } }>(
    owner,
    text,
  )
  expect(rotateSealingKey.keys).toContainEqual({ purpose: 'SEAL', number: 2, writes: true })
})

test('rules of retention keep to the law, tell before what would go, and remove what is older', async () => {
  const { owner } = await settle()
  const set = `mutation ($noun: String!, $days: Int) { setRetentionRule(noun: $noun, days: $days) { __typename ... on RetentionRule { noun days removed } } }`
  type Set = { setRetentionRule: { __typename: string } }
  expect((await client.data<Set>(owner, set, { noun: 'nothing', days: 3 })).setRetentionRule.__typename).toBe(
    'InvalidInput',
  )
  expect((await client.data<Set>(owner, set, { noun: 'platform.mail', days: 0 })).setRetentionRule.__typename).toBe(
    'InvalidInput',
  )
  await platform.database.asOwner(
    `update platform.mail set created_at = now() - interval '40 days' where organization_id = $1`,
    [owner.organizationId],
  )
  const preview = 'query ($noun: String!, $days: Int!) { retentionPreview(noun: $noun, days: $days) }'
  const count = async (viewer: Viewer, days: number) =>
    (await client.data<{ retentionPreview: number }>(viewer, preview, { noun: 'platform.mail', days })).retentionPreview
  expect([await count(owner, 30), await count(owner, 50), await count(createTestViewer(), 30)]).toEqual([1, 0, 0])
  await client.data<Set>(owner, set, { noun: 'platform.mail', days: 30 })
  await lookAfter(platform)
  await vi.waitFor(async () => expect(await rowsOf('platform.mail', owner.organizationId)).toEqual([]), {
    timeout: 30_000,
    interval: 100,
  })
  const rules = '{ retentionRules { noun days removed legalMinimumDays } }'
  await vi.waitFor(
    async () =>
      expect((await client.data<{ retentionRules: object[] }>(owner, rules)).retentionRules).toContainEqual({
        noun: 'platform.mail',
        days: 30,
        removed: 1,
        legalMinimumDays: 0,
      }),
    { timeout: 30_000, interval: 100 },
  )
})
