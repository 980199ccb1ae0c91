import type { ApprovalKind } from '@passerelle/platform/approvals'
import { publish } from '@passerelle/platform/facts'
import { NotFound, type Viewer } from '@passerelle/platform/schema'
import { createTestViewer, useSubgraph } from '@passerelle/platform/subgraph/testing'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { ai } from '../index.ts'

/** A bell that rings in the log. */
const bell: ApprovalKind<{ times: number; room?: string | undefined }> = {
  kind: 'BELL',
  name: { fr: 'Cloche', en: 'Bell' },
  requiredScope: 'record:write',
  fourEyes: false,
  lifetimeHours: 48,
  isProposable: true,
  payload: z.strictObject({ times: z.int().min(1, 'Once at least.').max(3), room: z.string().optional() }),
  describe: (_platform, _viewer, { times, room }) =>
    room === 'closed'
      ? Promise.reject(new NotFound())
      : Promise.resolve({ fr: `Sonner ${times} fois.`, en: `Ring ${times} times.` }),
  carryOut: ({ sql }, viewer, { payload: { times }, settle }) =>
    sql.withOrganization(viewer, async (tx) => {
      publish(tx, { type: 'bell.rung', payload: { times } })
      await settle(tx, { times })
    }),
}
const inside: ApprovalKind = { ...bell, kind: 'INSIDE', isProposable: false }

const house = useSubgraph({ ...ai, approvalKinds: [bell, inside] })

interface View {
  __typename: string
  id: string
  status: string
  code?: string
  message?: string
  path?: string[]
  payload?: unknown
  hindrance?: string | null
}

const fields = `id kind kindName { fr } payload proposedPayload isEdited preview { fr en } note status author proposer { id } proposerKeyId
  requiredScopes fourEyes isEditable hindrance isMine decider { id } reason result failure { code message } expiresAt`
const types: Record<string, string> = {
  id: 'ID!',
  kind: 'String!',
  payload: 'JSON',
  reason: 'String',
  requestKey: 'String',
  expiresAt: 'DateTime',
}

async function act(viewer: Viewer, verb: string, args: Record<string, unknown>): Promise<View> {
  const typeOf = (name: string): string | undefined => {
    if (name === 'payload' && verb === 'proposeAction') return 'JSON!'
    return name === 'reason' && verb === 'rejectAction' ? 'String!' : types[name]
  }
  const names = Object.keys(args)
  const text = `mutation (${names.map((name) => `$${name}: ${typeOf(name)}`).join(', ')}) {
    ${verb}(${names.map((name) => `${name}: $${name}`).join(', ')}) { __typename ... on Approval { ${fields} } ... on Refusal { code message } } }`
  return (await house.client.data<Record<string, View>>(viewer, text, args))[verb] as View
}

async function list(viewer: Viewer, filter: Record<string, unknown> = {}): Promise<{ ids: string[]; total: number }> {
  const text = `query ($filter: ApprovalFilter) { approvals(filter: $filter) { totalCount nodes { id } } }`
  const { approvals } = await house.client.data<{ approvals: { totalCount: number; nodes: { id: string }[] } }>(
    viewer,
    text,
    { filter },
  )
  return { ids: approvals.nodes.map(({ id }) => id), total: approvals.totalCount }
}

async function see(viewer: Viewer, id: string): Promise<View | null> {
  const text = `query ($id: ID!) { approval(id: $id) { __typename ${fields} } }`
  return (await house.client.data<{ approval: View | null }>(viewer, text, { id })).approval
}

const ofHouse = ({ organizationId }: Viewer, role: 'OWNER' | 'MANAGER' | 'OPERATOR' | 'VIEWER' = 'OWNER') =>
  createTestViewer({ organizationId, roles: [role] })

const ring = (viewer: Viewer, more: Record<string, unknown> = {}) =>
  act(viewer, 'proposeAction', { kind: 'BELL', payload: { times: 1 }, ...more })

test('an operator proposes, a manager approves, and it is done: the words are the kind’s', async () => {
  const owner = createTestViewer()
  const [operator, manager] = [ofHouse(owner, 'OPERATOR'), ofHouse(owner, 'MANAGER')]
  const proposed = await ring(operator)
  expect(proposed).toMatchObject({
    status: 'PENDING',
    author: 'PERSON',
    kindName: { fr: 'Cloche' },
    preview: { fr: 'Sonner 1 fois.', en: 'Ring 1 times.' },
    hindrance: 'NOT_ALLOWED',
    isMine: true,
  })
  expect(await see(manager, proposed.id)).toMatchObject({ hindrance: null, isMine: false })
  expect(
    await act(manager, 'approveAction', { id: proposed.id, payload: { times: 2 }, reason: 'Deux suffisent.' }),
  ).toMatchObject({
    status: 'APPROVED',
    isEdited: true,
    payload: { times: 2 },
    proposedPayload: { times: 1 },
    decider: { id: manager.userId },
    reason: 'Deux suffisent.',
  })
  await expect.poll(async () => (await see(operator, proposed.id))?.status, { timeout: 60_000 }).toBe('DONE')
  expect(await see(operator, proposed.id)).toMatchObject({ result: { times: 2 }, preview: { fr: 'Sonner 2 fois.' } })
})

test('a no says why, and whoever decides later is told where it stands', async () => {
  const owner = createTestViewer()
  const { id } = await ring(owner)
  expect(await act(owner, 'rejectAction', { id, reason: '  ' })).toMatchObject({ code: 'INVALID_INPUT' })
  expect(await act(owner, 'rejectAction', { id, reason: 'Trop tôt.' })).toMatchObject({
    status: 'REJECTED',
    reason: 'Trop tôt.',
  })
  expect(await act(ofHouse(owner), 'approveAction', { id })).toMatchObject({ __typename: 'ApprovalNotPending' })
  expect(await act(owner, 'cancelAction', { id })).toMatchObject({ __typename: 'ApprovalNotPending' })
})

test('a program proposes with its key what is open to programs, follows it and takes it back; it decides nothing', async () => {
  const owner = createTestViewer()
  const key: Viewer = {
    ...owner,
    userId: null,
    sessionId: null,
    keyId: 'key_00000000000000000000000000000001',
    scopes: ['approval:propose'],
  }
  const other: Viewer = { ...key, keyId: 'key_00000000000000000000000000000002' }
  const proposed = await ring(key, { requestKey: 'run-1' })
  expect(proposed).toMatchObject({ author: 'KEY', proposerKeyId: key.keyId, proposer: null, isMine: true })
  expect((await ring(key, { requestKey: 'run-1' })).id).toBe(proposed.id)
  expect((await list(key)).ids).toEqual([proposed.id])
  expect(await list(other)).toEqual({ ids: [], total: 0 })
  expect(await see(other, proposed.id)).toBeNull()
  expect(await act(other, 'cancelAction', { id: proposed.id })).toMatchObject({ code: 'NOT_FOUND' })
  expect(await act(key, 'approveAction', { id: proposed.id })).toMatchObject({ code: 'NOT_ALLOWED' })
  expect(
    await act({ ...key, scopes: ['approval:decide', 'record:write', 'approval:read'] }, 'approveAction', {
      id: proposed.id,
    }),
  ).toMatchObject({ code: 'NOT_ALLOWED' })
  expect(await act(key, 'cancelAction', { id: proposed.id })).toMatchObject({ status: 'CANCELLED' })
})

test('what callers may not propose, or the kind does not take, is refused with the place of the fault', async () => {
  const owner = createTestViewer()
  expect(await ring(owner, { kind: 'INSIDE' })).toMatchObject({ code: 'INVALID_INPUT' })
  expect(await ring(owner, { kind: 'NOTHING' })).toMatchObject({ code: 'INVALID_INPUT' })
  expect(await ring(owner, { payload: { times: 0 } })).toMatchObject({
    code: 'INVALID_INPUT',
    message: 'Once at least.',
  })
  expect(await ring(owner, { payload: { times: 1, organizationId: 'org_x' } })).toMatchObject({ code: 'INVALID_INPUT' })
  expect(await ring(owner, { payload: { times: 1, room: 'closed' } })).toMatchObject({ code: 'NOT_FOUND' })
  expect(await ring(owner, { expiresAt: '2020-01-01T00:00:00Z' })).toMatchObject({ code: 'INVALID_INPUT' })
  expect(await ring(ofHouse(owner, 'VIEWER'))).toMatchObject({ code: 'NOT_ALLOWED' })
})

test('lists tell what waits for the caller, what is theirs and the rest, and nothing of another house', async () => {
  const owner = createTestViewer()
  const [operator, manager] = [ofHouse(owner, 'OPERATOR'), ofHouse(owner, 'MANAGER')]
  const [first, second] = [await ring(operator), await ring(manager)]
  await act(manager, 'rejectAction', { id: first.id, reason: 'Non.' })
  expect(await list(manager, { decidable: true })).toEqual({ ids: [second.id], total: 1 })
  expect(await list(operator, { decidable: true })).toEqual({ ids: [], total: 0 })
  expect(await list(operator, { mine: true })).toEqual({ ids: [first.id], total: 1 })
  expect(await list(owner, { statuses: ['REJECTED'] })).toEqual({ ids: [first.id], total: 1 })
  expect(await list(owner, { kinds: ['OTHER'] })).toEqual({ ids: [], total: 0 })
  expect(await list(createTestViewer())).toEqual({ ids: [], total: 0 })
  expect(await list(ofHouse(owner, 'VIEWER'))).toEqual({ ids: [], total: 0 })
  expect(await see(createTestViewer(), second.id)).toBeNull()
})

test('changes are heard live and after a cursor, by those who see them alone', async () => {
  const owner = createTestViewer()
  const text = `subscription ($after: String) { approvalChanged(after: $after) { id cursor approval { status } } }`
  interface Event {
    approvalChanged: { id: string; cursor: string; approval: { status: string } | null }
  }
  const mine = await house.client.subscribe<Event>(owner, text, { after: '0' })
  const strangers = await house.client.subscribe<Event>(createTestViewer(), text, { after: '0' })
  const silent = strangers.next()
  const { id } = await ring(ofHouse(owner, 'OPERATOR'))
  const { data: first } = await mine.next()
  expect(first.approvalChanged).toMatchObject({ id, approval: { status: 'PENDING' } })
  await mine.end()
  await act(owner, 'rejectAction', { id, reason: 'Non.' })
  const again = await house.client.subscribe<Event>(owner, text, { after: first.approvalChanged.cursor })
  expect((await again.next()).data.approvalChanged).toMatchObject({ id, approval: { status: 'REJECTED' } })
  await again.end()
  await strangers.end()
  await expect(silent).rejects.toThrow('ended')
})

test('the rules of an organisation are set by who runs it, and show in the kinds', async () => {
  const owner = createTestViewer()
  const text = `mutation { setApprovalPolicy(kind: "BELL", fourEyes: true, addedScope: "member:manage", lifetimeHours: 2) {
    __typename ... on ApprovalKind { kind fourEyes fourEyesIsFixed addedScope lifetimeHours } ... on Refusal { code } } }`
  const set = async (viewer: Viewer) =>
    (await house.client.data<{ setApprovalPolicy: View }>(viewer, text)).setApprovalPolicy
  expect(await set(ofHouse(owner, 'MANAGER'))).toMatchObject({ code: 'NOT_ALLOWED' })
  expect(await set(owner)).toMatchObject({
    kind: 'BELL',
    fourEyes: true,
    fourEyesIsFixed: false,
    addedScope: 'member:manage',
    lifetimeHours: 2,
  })
  const { approvalKinds } = await house.client.data<{ approvalKinds: unknown[] }>(
    ofHouse(owner, 'OPERATOR'),
    `{ approvalKinds { kind fourEyes isProposable isEditable requiredScope lifetimeHours longestLifetimeHours payloadSchema } }`,
  )
  expect(approvalKinds).toMatchObject([
    {
      kind: 'BELL',
      fourEyes: true,
      isProposable: true,
      lifetimeHours: 2,
      longestLifetimeHours: 48,
      payloadSchema: { properties: { times: { type: 'integer' } } },
    },
    { kind: 'INSIDE', fourEyes: false, isProposable: false },
  ])
  const { id } = await ring(owner)
  expect(await act(owner, 'approveAction', { id })).toMatchObject({ __typename: 'OwnProposal' })
})
