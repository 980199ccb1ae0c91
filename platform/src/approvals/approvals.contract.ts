import { setTimeout } from 'node:timers/promises'
import { CompiledQuery } from 'kysely'
import { beforeAll, expect, test } from 'vitest'
import { audit } from '../audit/audit.ts'
import { newId } from '../ids/ids.ts'
import { createTestViewer } from '../subgraph/testing.ts'
import { propose, type ApprovalKind } from './approvals.ts'
import { colleagueOf, notes, noting, useApprovals, type Note } from './approvals.testing.ts'
import { expireDue } from './carry-out.ts'
import { approve, cancel, reject } from './decide.ts'
import { setPolicy } from './policy.ts'

const shared: ApprovalKind<Note> = { ...noting, kind: 'SHARED_NOTE', fourEyes: true, isEditable: false }
const sharedDraft: ApprovalKind<Note> = { ...noting, kind: 'SHARED_DRAFT', fourEyes: true }
/** What happens while a change is put in words. */
let meanwhile: () => Promise<unknown>
const slow: ApprovalKind<Note> = {
  ...noting,
  kind: 'SLOW_NOTE',
  async describe() {
    await meanwhile()
    return { fr: 'Noter', en: 'Note' }
  },
}
const house = useApprovals([noting, shared, sharedDraft, slow])

beforeAll(() => house.work())

test('a decider may change what was proposed: it is checked again, described again, and both stay', async () => {
  const viewer = createTestViewer()
  const { id } = await house.propose(viewer)
  await expect(approve(house.platform, viewer, { id, payload: { word: '' } })).rejects.toThrow('A word is needed.')
  await approve(house.platform, viewer, { id, payload: { word: 'deux', smuggled: true } })
  expect(await house.become(viewer, id, 'DONE')).toMatchObject({
    payload: { word: 'deux' },
    proposedPayload: { word: 'un' },
    preview: { fr: 'Noter deux' },
    isEdited: true,
  })
  expect(notes.kept.get(id)).toEqual(['deux'])
})

test('of ten who say yes at once one has decided, and it is done once', async () => {
  const viewer = createTestViewer()
  const { id } = await house.propose(viewer)
  const deciders = Array.from({ length: 10 }, () => colleagueOf(viewer))
  const outcomes = await Promise.allSettled(deciders.map((decider) => approve(house.platform, decider, { id })))
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  const refusals = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason.code] : []))
  expect(refusals).toEqual(Array.from({ length: 9 }, () => 'APPROVAL_NOT_PENDING'))
  await house.become(viewer, id, 'DONE')
  expect(notes.kept.get(id)).toHaveLength(1)
})

test('a double click is one decision, yes or no', async () => {
  const viewer = createTestViewer()
  const { id } = await house.propose(viewer)
  const both = await Promise.all([approve(house.platform, viewer, { id }), approve(house.platform, viewer, { id })])
  expect(both.map(({ deciderId }) => deciderId)).toEqual([viewer.userId, viewer.userId])
  await house.become(viewer, id, 'DONE')
  expect(await house.actions(viewer, id)).toEqual(['approval.proposed', 'approval.approved', 'approval.done'])
  const refused = await house.propose(viewer)
  await Promise.all([
    reject(house.platform, viewer, { id: refused.id, reason: 'non' }),
    reject(house.platform, viewer, { id: refused.id, reason: 'non' }),
  ])
  expect(await house.actions(viewer, refused.id)).toEqual(['approval.proposed', 'approval.rejected'])
})

test('yes, no, taken back and too late at the same moment leave one outcome', async () => {
  const viewer = createTestViewer()
  for (let round = 0; round < 5; round++) {
    const { id } = await house.propose(viewer)
    await Promise.allSettled([
      approve(house.platform, colleagueOf(viewer), { id }),
      reject(house.platform, colleagueOf(viewer), { id }),
      cancel(house.platform, viewer, id),
      house.overdue(id).then(() => expireDue(house.platform)),
    ])
    await expireDue(house.platform)
    await expect
      .poll(async () => (await house.current(viewer, id))?.status, { timeout: 60_000 })
      .toMatch(/DONE|REJECTED|CANCELLED|EXPIRED/)
    const decisions = (await house.actions(viewer, id)).filter((action) => !/proposed|done/.test(action))
    expect(decisions).toHaveLength(1)
  }
})

test('what nobody decides in time is over, and cannot be decided a moment before the round that says so', async () => {
  const viewer = createTestViewer()
  const { id } = await house.propose(viewer, { expiresAt: new Date(Date.now() - 1) })
  await expect(approve(house.platform, viewer, { id })).rejects.toMatchObject({ status: 'EXPIRED' })
  await expireDue(house.platform)
  expect(await house.actions(viewer, id)).toEqual(['approval.proposed', 'approval.expired'])
})

test('four eyes: neither who proposes nor the person an AI proposes for may say yes; a colleague may', async () => {
  const viewer = createTestViewer()
  const { id } = await house.propose(viewer, { kind: shared, author: 'AI' })
  await expect(approve(house.platform, viewer, { id })).rejects.toMatchObject({ code: 'OWN_PROPOSAL' })
  await expect(reject(house.platform, viewer, { id })).rejects.toMatchObject({ code: 'OWN_PROPOSAL' })
  const colleague = colleagueOf(viewer)
  await expect(approve(house.platform, colleague, { id, payload: { word: 'autre' } })).rejects.toThrow('only decided')
  await approve(house.platform, colleague, { id })
  await house.become(viewer, id, 'DONE')
})

test('four eyes: what a key proposes is also the proposal of whoever was shown its secret, and what one makes of it only one has seen', async () => {
  const maker = createTestViewer()
  const colleague = colleagueOf(maker)
  const keyId = newId('key')
  const subject = { kind: 'ApiKey', id: keyId }
  await house.platform.sql.withOrganization(maker, async (tx) => audit(tx, { action: 'api_key.created', subject }))
  const { id } = await house.propose({ ...maker, userId: null, sessionId: null, keyId }, { kind: sharedDraft })
  await expect(approve(house.platform, maker, { id })).rejects.toMatchObject({ code: 'OWN_PROPOSAL' })
  const payload = { word: 'autre' }
  await expect(approve(house.platform, colleague, { id, payload })).rejects.toThrow('only decided')
  await approve(house.platform, colleague, { id })
  await house.become(maker, id, 'DONE')
})

test('only a person who may do what is proposed decides it, and nobody else’s house sees it', async () => {
  const viewer = createTestViewer()
  const { id } = await house.propose(viewer)
  const stranger = createTestViewer()
  const operator = createTestViewer({ organizationId: viewer.organizationId, roles: ['OPERATOR'] })
  const reader = createTestViewer({ organizationId: viewer.organizationId, roles: ['VIEWER'] })
  const key = { ...colleagueOf(viewer), userId: null, sessionId: null, keyId: 'key_1' }
  for (const decide of [approve, reject]) {
    await expect(decide(house.platform, stranger, { id })).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(decide(house.platform, reader, { id })).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(decide(house.platform, operator, { id })).rejects.toMatchObject({ code: 'NOT_ALLOWED' })
    await expect(decide(house.platform, key, { id })).rejects.toMatchObject({ code: 'NOT_ALLOWED' })
  }
  await expect(cancel(house.platform, operator, id)).rejects.toMatchObject({ code: 'NOT_ALLOWED' })
  await expect(cancel(house.platform, stranger, id)).rejects.toMatchObject({ code: 'NOT_FOUND' })
})

test('a proposal of a transaction that fails was never there, and a decision that fails leaves no job', async () => {
  const viewer = createTestViewer()
  await expect(
    house.platform.sql.withOrganization(viewer, async (tx) => {
      await propose(tx, { kind: noting, payload: { word: 'un' }, preview: { fr: '', en: '' } })
      throw new Error('changed my mind')
    }),
  ).rejects.toThrow('changed my mind')
  const rows = await house.platform.sql.withOrganization(viewer, (tx) =>
    tx.executeQuery(CompiledQuery.raw('select * from platform.approval')),
  )
  expect(rows.rows).toEqual([])
})

test('proposed twice under one key, it is one proposal; another under that key is refused', async () => {
  const viewer = createTestViewer()
  const requestKey = newId('run')
  const [one, two] = await Promise.all([house.propose(viewer, { requestKey }), house.propose(viewer, { requestKey })])
  expect(two.id).toBe(one.id)
  expect(await house.actions(viewer, one.id)).toEqual(['approval.proposed'])
  await expect(house.propose(viewer, { requestKey, payload: { word: 'deux' } })).rejects.toThrow('Something else')
  expect((await house.propose(colleagueOf(viewer), { requestKey })).id).not.toBe(one.id)
})

test('an organisation may ask for more than a kind does, also of what waits, and never for less', async () => {
  const viewer = createTestViewer()
  const { id } = await house.propose(viewer)
  await expect(setPolicy(house.platform, viewer, { kind: 'SHARED_NOTE', fourEyes: false })).rejects.toThrow(
    'somebody else',
  )
  await expect(setPolicy(house.platform, viewer, { kind: 'NOTE', fourEyes: true, lifetimeHours: 25 })).rejects.toThrow(
    '24',
  )
  await expect(setPolicy(house.platform, viewer, { kind: 'NOTHING', fourEyes: true })).rejects.toMatchObject({
    code: 'NOT_FOUND',
  })
  await setPolicy(house.platform, viewer, {
    kind: 'NOTE',
    fourEyes: true,
    requiredScope: 'member:manage',
    lifetimeHours: 1,
  })
  const waiting = await house.current(viewer, id)
  expect(waiting).toMatchObject({ fourEyes: true, requiredScopes: ['record:write', 'member:manage'] })
  expect(waiting?.expiresAt.getTime()).toBeLessThanOrEqual(Date.now() + 3_600_000)
  const manager = createTestViewer({ organizationId: viewer.organizationId, roles: ['MANAGER'] })
  await expect(approve(house.platform, manager, { id })).rejects.toMatchObject({ code: 'NOT_FOUND' })
  const next = await house.propose(viewer)
  expect(next).toMatchObject({ fourEyes: true, requiredScopes: ['record:write', 'member:manage'] })
  await setPolicy(house.platform, viewer, { kind: 'NOTE', fourEyes: false })
  expect(await house.current(viewer, next.id)).toMatchObject({ fourEyes: true })
  expect(await house.propose(createTestViewer())).toMatchObject({ fourEyes: false, requiredScopes: ['record:write'] })
})

test('a rule that comes while somebody changes what was proposed holds for the change', async () => {
  const viewer = createTestViewer()
  const { id } = await house.propose(viewer, { kind: slow })
  const decider = colleagueOf(viewer)
  meanwhile = () => setPolicy(house.platform, viewer, { kind: 'SLOW_NOTE', fourEyes: true })
  const change = approve(house.platform, decider, { id, payload: { word: 'deux' } })
  await expect(change).rejects.toThrow('This cannot be changed, only decided.')
  expect(await house.current(viewer, id)).toMatchObject({ status: 'PENDING', fourEyes: true, payload: { word: 'un' } })
})

test('a rule holds for what is being proposed while it is made', async () => {
  const viewer = createTestViewer()
  const { sql } = house.platform
  const proposed = await sql.withOrganization(viewer, async (tx) => {
    const words = { fr: 'Noter', en: 'Note' }
    const approval = await propose(tx, { kind: noting, payload: { word: 'un' }, preview: words })
    const ruling = setPolicy(house.platform, viewer, { kind: 'NOTE', fourEyes: true })
    await Promise.race([ruling, setTimeout(500)])
    return { id: approval.id, ruling }
  })
  await proposed.ruling
  expect(await house.current(viewer, proposed.id)).toMatchObject({ status: 'PENDING', fourEyes: true })
})
