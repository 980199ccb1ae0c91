import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { z } from 'zod'
import { CompiledQuery } from 'kysely'
import { publish } from '../facts/facts.ts'
import { newId } from '../ids/ids.ts'
import { EngineUnavailable, InvalidInput } from '../schema/refusals.ts'
import type { Viewer } from '../schema/viewer.ts'
import type { Work } from '../subgraph/subgraph.ts'
import { createTestViewer, openTestPlatform, type TestPlatform } from '../subgraph/testing.ts'
import type { Approval } from './approval.ts'
import { findApproval } from './approval.store.ts'
import { propose, type ApprovalKind, type Proposal } from './approvals.ts'
import { approvalQueue, expireDue, workApprovals } from './carry-out.ts'
import { approve, cancel, reject, retry } from './decide.ts'
import { setPolicy } from './policy.ts'

const done = new Map<string, string[]>()
let failing: (() => Error) | null = null

/** Keeps what it is told to, once in the approval's own transaction. */
const noting: ApprovalKind<{ word: string }> = {
  kind: 'NOTE',
  requiredScope: 'record:write',
  fourEyes: false,
  lifetimeHours: 24,
  payload: z.object({ word: z.string().min(1, 'A word is needed.') }),
  describe: (_platform, _viewer, { word }) => Promise.resolve({ fr: `Noter ${word}`, en: `Note ${word}` }),
  async carryOut({ sql }, viewer, approval) {
    if (failing) throw failing()
    await sql.withOrganization(viewer, (tx) => approval.settle(tx, { word: approval.payload.word }))
    done.set(approval.id, [...(done.get(approval.id) ?? []), approval.payload.word])
  },
}
let arrived = 0
let ended = 0
let open: () => void
const gate = new Promise<void>((resolve) => (open = resolve))
/** Waits until two are at it. */
const raced: ApprovalKind<{ word: string }> = {
  ...noting,
  kind: 'RACED_NOTE',
  async carryOut({ sql }, viewer, approval) {
    if (++arrived === 2) open()
    await gate
    const work = sql.withOrganization(viewer, async (tx) => {
      publish(tx, { type: 'note.kept', payload: {} })
      await approval.settle(tx)
    })
    await work.finally(() => ended++)
  },
}
const shared: ApprovalKind<{ word: string }> = { ...noting, kind: 'SHARED_NOTE', fourEyes: true, isEditable: false }

let platform: TestPlatform
let work: Work | undefined

beforeAll(async () => {
  platform = await openTestPlatform({ queues: [approvalQueue], approvalKinds: [noting, shared, raced] })
})

beforeEach(() => {
  failing = null
})

afterAll(async () => {
  await work?.stop()
  await platform.close()
})

function colleagueOf({ organizationId }: Viewer): Viewer {
  return createTestViewer({ organizationId })
}

function proposeNote(viewer: Viewer, more: Partial<Proposal<{ word: string }>> = {}): Promise<Approval> {
  return platform.sql.withOrganization(viewer, (tx) =>
    propose(tx, { kind: noting, payload: { word: 'un' }, preview: { fr: 'Noter', en: 'Note' }, ...more }),
  )
}

function current(viewer: Viewer, id: string): Promise<Approval | null> {
  return platform.sql.withOrganization(viewer, (tx) => findApproval(tx, id))
}

async function become(viewer: Viewer, id: string, status: Approval['status']): Promise<Approval> {
  await expect.poll(async () => (await current(viewer, id))?.status, { timeout: 60_000 }).toBe(status)
  const found = await current(viewer, id)
  if (!found) throw new Error('It is gone.')
  return found
}

function actions(viewer: Viewer, id: string): Promise<string[]> {
  return platform.database
    .asOwner<{ action: string }>(
      'select action from platform.audit_entry where organization_id = $1 and subject_id = $2 order by position',
      [viewer.organizationId, id],
    )
    .then((rows) => rows.map(({ action }) => action))
}

test('what is approved while no worker is there waits for one, and is done then', async () => {
  const viewer = createTestViewer()
  const { id } = await proposeNote(viewer)
  await approve(platform, viewer, { id })
  expect(await current(viewer, id)).toMatchObject({ status: 'APPROVED' })
  work = await workApprovals(platform)
  await become(viewer, id, 'DONE')
})

test('what is proposed and approved is carried out once, with its result, and every step is audited', async () => {
  const viewer = createTestViewer()
  const { id } = await proposeNote(viewer)
  await approve(platform, viewer, { id })
  expect(await become(viewer, id, 'DONE')).toMatchObject({ result: { word: 'un' }, deciderId: viewer.userId })
  expect(done.get(id)).toEqual(['un'])
  expect(await actions(viewer, id)).toEqual(['approval.proposed', 'approval.approved', 'approval.done'])
})

test('a decider may change what was proposed: it is checked again, described again, and both stay', async () => {
  const viewer = createTestViewer()
  const { id } = await proposeNote(viewer)
  await expect(approve(platform, viewer, { id, payload: { word: '' } })).rejects.toThrow('A word is needed.')
  await approve(platform, viewer, { id, payload: { word: 'deux', smuggled: true } })
  expect(await become(viewer, id, 'DONE')).toMatchObject({
    payload: { word: 'deux' },
    proposedPayload: { word: 'un' },
    preview: { fr: 'Noter deux' },
    isEdited: true,
  })
  expect(done.get(id)).toEqual(['deux'])
})

test('of ten who say yes at once one has decided, and it is done once', async () => {
  const viewer = createTestViewer()
  const { id } = await proposeNote(viewer)
  const deciders = Array.from({ length: 10 }, () => colleagueOf(viewer))
  const outcomes = await Promise.allSettled(deciders.map((decider) => approve(platform, decider, { id })))
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  for (const outcome of outcomes)
    if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'APPROVAL_NOT_PENDING' })
  await become(viewer, id, 'DONE')
  expect(done.get(id)).toHaveLength(1)
})

test('a double click is one decision, yes or no', async () => {
  const viewer = createTestViewer()
  const { id } = await proposeNote(viewer)
  const both = await Promise.all([approve(platform, viewer, { id }), approve(platform, viewer, { id })])
  expect(both.map(({ deciderId }) => deciderId)).toEqual([viewer.userId, viewer.userId])
  await become(viewer, id, 'DONE')
  expect(await actions(viewer, id)).toEqual(['approval.proposed', 'approval.approved', 'approval.done'])
  const refused = await proposeNote(viewer)
  await Promise.all([
    reject(platform, viewer, { id: refused.id, reason: 'non' }),
    reject(platform, viewer, { id: refused.id, reason: 'non' }),
  ])
  expect(await actions(viewer, refused.id)).toEqual(['approval.proposed', 'approval.rejected'])
})

test('yes, no, taken back and too late at the same moment leave one outcome', async () => {
  const viewer = createTestViewer()
  for (let round = 0; round < 5; round++) {
    const { id } = await proposeNote(viewer, { expiresAt: new Date(Date.now() + 40) })
    await new Promise((resolve) => setTimeout(resolve, 35 + round))
    await Promise.allSettled([
      approve(platform, colleagueOf(viewer), { id }),
      reject(platform, colleagueOf(viewer), { id }),
      cancel(platform, viewer, id),
      expireDue(platform),
    ])
    await expireDue(platform)
    await expect
      .poll(async () => (await current(viewer, id))?.status, { timeout: 60_000 })
      .toMatch(/DONE|REJECTED|CANCELLED|EXPIRED/)
    const decisions = (await actions(viewer, id)).filter((action) => !/proposed|done/.test(action))
    expect(decisions).toHaveLength(1)
  }
})

test('what nobody decides in time is over, and cannot be decided a moment before the round that says so', async () => {
  const viewer = createTestViewer()
  const { id } = await proposeNote(viewer, { expiresAt: new Date(Date.now() - 1) })
  await expect(approve(platform, viewer, { id })).rejects.toMatchObject({ status: 'EXPIRED' })
  await expireDue(platform)
  expect(await actions(viewer, id)).toEqual(['approval.proposed', 'approval.expired'])
})

test('four eyes: neither who proposes nor the person an AI proposes for may say yes; a colleague may', async () => {
  const viewer = createTestViewer()
  const { id } = await proposeNote(viewer, { kind: shared, author: 'AI' })
  await expect(approve(platform, viewer, { id })).rejects.toMatchObject({ code: 'OWN_PROPOSAL' })
  await expect(reject(platform, viewer, { id })).rejects.toMatchObject({ code: 'OWN_PROPOSAL' })
  const colleague = colleagueOf(viewer)
  await expect(approve(platform, colleague, { id, payload: { word: 'autre' } })).rejects.toThrow('only decided')
  await approve(platform, colleague, { id })
  await become(viewer, id, 'DONE')
})

test('only a person who may do what is proposed decides it, and nobody else’s house sees it', async () => {
  const viewer = createTestViewer()
  const { id } = await proposeNote(viewer)
  const stranger = createTestViewer()
  const operator = createTestViewer({ organizationId: viewer.organizationId, roles: ['OPERATOR'] })
  const reader = createTestViewer({ organizationId: viewer.organizationId, roles: ['VIEWER'] })
  const key = { ...colleagueOf(viewer), userId: null, sessionId: null, keyId: 'key_1' }
  for (const decide of [approve, reject]) {
    await expect(decide(platform, stranger, { id })).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(decide(platform, reader, { id })).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(decide(platform, operator, { id })).rejects.toMatchObject({ code: 'NOT_ALLOWED' })
    await expect(decide(platform, key, { id })).rejects.toMatchObject({ code: 'NOT_ALLOWED' })
  }
  await expect(cancel(platform, operator, id)).rejects.toMatchObject({ code: 'NOT_ALLOWED' })
  await expect(cancel(platform, stranger, id)).rejects.toMatchObject({ code: 'NOT_FOUND' })
})

test('what fails for good says why and can be tried again; what fails once is tried again by itself', async () => {
  const viewer = createTestViewer()
  const { id } = await proposeNote(viewer)
  failing = () => new InvalidInput('The document has gone.')
  await approve(platform, viewer, { id })
  expect(await become(viewer, id, 'FAILED')).toMatchObject({
    failure: { code: 'INVALID_INPUT', message: 'The document has gone.' },
  })
  failing = null
  await retry(platform, viewer, id)
  await become(viewer, id, 'DONE')
  const second = await proposeNote(viewer)
  let fell = 0
  failing = () => {
    failing = null
    fell++
    return new Error('a slip')
  }
  await approve(platform, viewer, { id: second.id })
  await become(viewer, second.id, 'DONE')
  expect(fell).toBe(1)
})

test('an engine that is away is waited for and counts as no try', async () => {
  const viewer = createTestViewer()
  const { id } = await proposeNote(viewer)
  let fell = 0
  failing = () => {
    fell++
    if (fell === 2) failing = null
    return new EngineUnavailable('graph')
  }
  await approve(platform, viewer, { id })
  expect(await become(viewer, id, 'DONE')).toMatchObject({ attempts: 0 })
})

test('two workers at the same approval, as after a hold that was lost, do it once', async () => {
  const viewer = createTestViewer()
  const { id } = await proposeNote(viewer, { kind: raced })
  await approve(platform, viewer, { id })
  await platform.sql.withOrganization(viewer, (tx) =>
    platform.jobs.enqueue(tx, approvalQueue, { id }, { key: 'rival' }),
  )
  await become(viewer, id, 'DONE')
  await expect.poll(() => ended, { timeout: 60_000 }).toBe(2)
  const effects = await platform.database.asOwner(
    `select from platform.fact where organization_id = $1 and type = 'note.kept'`,
    [viewer.organizationId],
  )
  expect(effects).toHaveLength(1)
})

test('a proposal of a transaction that fails was never there, and a decision that fails leaves no job', async () => {
  const viewer = createTestViewer()
  await expect(
    platform.sql.withOrganization(viewer, async (tx) => {
      await propose(tx, { kind: noting, payload: { word: 'un' }, preview: { fr: '', en: '' } })
      throw new Error('changed my mind')
    }),
  ).rejects.toThrow('changed my mind')
  const rows = await platform.sql.withOrganization(viewer, (tx) =>
    tx.executeQuery(CompiledQuery.raw('select * from platform.approval')),
  )
  expect(rows.rows).toEqual([])
})

test('proposed twice under one key, it is one proposal; another under that key is refused', async () => {
  const viewer = createTestViewer()
  const requestKey = newId('run')
  const [one, two] = await Promise.all([proposeNote(viewer, { requestKey }), proposeNote(viewer, { requestKey })])
  expect(two.id).toBe(one.id)
  expect(await actions(viewer, one.id)).toEqual(['approval.proposed'])
  await expect(proposeNote(viewer, { requestKey, payload: { word: 'deux' } })).rejects.toThrow('Something else')
  expect((await proposeNote(colleagueOf(viewer), { requestKey })).id).not.toBe(one.id)
})

test('an organisation may ask for more than a kind does, also of what waits, and never for less', async () => {
  const viewer = createTestViewer()
  const { id } = await proposeNote(viewer)
  await expect(setPolicy(platform, viewer, { kind: 'SHARED_NOTE', fourEyes: false })).rejects.toThrow('somebody else')
  await expect(setPolicy(platform, viewer, { kind: 'NOTE', fourEyes: true, lifetimeHours: 25 })).rejects.toThrow('24')
  await expect(setPolicy(platform, viewer, { kind: 'NOTHING', fourEyes: true })).rejects.toMatchObject({
    code: 'NOT_FOUND',
  })
  await setPolicy(platform, viewer, { kind: 'NOTE', fourEyes: true, requiredScope: 'member:manage', lifetimeHours: 1 })
  const waiting = await current(viewer, id)
  expect(waiting).toMatchObject({ fourEyes: true, requiredScopes: ['record:write', 'member:manage'] })
  expect(waiting?.expiresAt.getTime()).toBeLessThanOrEqual(Date.now() + 3_600_000)
  const manager = createTestViewer({ organizationId: viewer.organizationId, roles: ['MANAGER'] })
  await expect(approve(platform, manager, { id })).rejects.toMatchObject({ code: 'NOT_FOUND' })
  const next = await proposeNote(viewer)
  expect(next).toMatchObject({ fourEyes: true, requiredScopes: ['record:write', 'member:manage'] })
  await setPolicy(platform, viewer, { kind: 'NOTE', fourEyes: false })
  expect(await current(viewer, next.id)).toMatchObject({ fourEyes: true })
  expect(await proposeNote(createTestViewer())).toMatchObject({ fourEyes: false, requiredScopes: ['record:write'] })
})
