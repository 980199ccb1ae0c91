import { Writable } from 'node:stream'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { audit } from '@passerelle/platform/audit'
import { continueChain, chainStart } from '@passerelle/platform/audit/chain'
import type { Viewer } from '@passerelle/platform/schema'
import { createTestViewer, useSubgraph } from '@passerelle/platform/subgraph/testing'
import { expect, test } from 'vitest'
import { auditRoutes } from './audit.http.ts'
import { tenancy } from '../index.ts'

const house = useSubgraph(tenancy)

interface Entry {
  position: string
  action: string
  author: string
  userId: string | null
  subjectId: string | null
  detail: unknown
}

async function write(viewer: Viewer, action: string, id = 'thg_1'): Promise<void> {
  await house.platform.sql.withOrganization(viewer, async (tx) =>
    audit(tx, { action, subject: { kind: 'Thing', id }, detail: { n: 1 } }),
  )
}

async function list(viewer: Viewer, args: { filter?: Record<string, unknown>; first?: number; after?: string } = {}) {
  const text = `query ($filter: AuditFilter, $first: Int, $after: String) { auditEntries(filter: $filter, first: $first, after: $after) {
    totalCount pageInfo { hasNextPage endCursor } nodes { position action author userId user { id } keyId sessionId subjectKind subjectId detail hash } } }`
  const answer = await house.client.data<{
    auditEntries: { totalCount: number; pageInfo: { hasNextPage: boolean; endCursor: string }; nodes: Entry[] }
  }>(viewer, text, args)
  return answer.auditEntries
}

const actionsOf = ({ nodes }: { nodes: Entry[] }) => nodes.map(({ action }) => action)

test('entries are listed the newest first, page by page, by who, what and when', async () => {
  const viewer = createTestViewer()
  const colleague = createTestViewer({ organizationId: viewer.organizationId })
  for (const action of ['thing.made', 'thing.moved', 'thing.sold']) await write(viewer, action, 'thg_1')
  await write(colleague, 'thing.moved', 'thg_2')
  const first = await list(viewer, { first: 3 })
  expect(first).toMatchObject({ totalCount: 4, pageInfo: { hasNextPage: true } })
  expect(actionsOf(first)).toEqual(['thing.moved', 'thing.sold', 'thing.moved'])
  expect(actionsOf(await list(viewer, { first: 3, after: first.pageInfo.endCursor }))).toEqual(['thing.made'])
  const filtered = async (filter: Record<string, unknown>) => actionsOf(await list(viewer, { filter }))
  expect(await filtered({ userId: colleague.userId })).toEqual(['thing.moved'])
  expect(await filtered({ actions: ['thing.sold', 'thing.made'] })).toEqual(['thing.sold', 'thing.made'])
  expect(await filtered({ subjectId: 'thg_2', subjectKind: 'Thing' })).toEqual(['thing.moved'])
  expect(await filtered({ authors: ['AI'] })).toEqual([])
  expect(await filtered({ until: '2020-01-01T00:00:00Z' })).toEqual([])
  expect(await filtered({ from: '2020-01-01T00:00:00Z' })).toHaveLength(4)
  expect((await house.client.data(viewer, '{ auditActions }')).auditActions).toEqual([
    'thing.made',
    'thing.moved',
    'thing.sold',
  ])
})

test('who may not read the log, and another house, see nothing of it', async () => {
  const viewer = createTestViewer()
  await write(viewer, 'thing.made')
  const manager = createTestViewer({ organizationId: viewer.organizationId, roles: ['MANAGER'] })
  for (const text of ['{ auditEntries { totalCount } }', '{ auditActions }']) {
    expect((await house.client.ask(manager, text)).errors[0]?.extensions?.code).toBe('FORBIDDEN')
    expect((await house.client.ask(null, text)).errors[0]?.extensions?.code).toBe('UNAUTHENTICATED')
  }
  expect(await list(createTestViewer())).toMatchObject({ totalCount: 0, nodes: [] })
  expect((await house.client.data(createTestViewer(), '{ auditActions }')).auditActions).toEqual([])
  for (const mutation of ['verifyAuditLog', 'exportAuditLog(format: CSV)'])
    expect(await house.client.data(manager, `mutation { act: ${mutation} { __typename } }`)).toEqual({
      act: { __typename: 'NotAllowed' },
    })
})

interface Verified {
  verifyAuditLog: { entries: number; fault: { kind: string; position: string; message: string } | null }
}
const verification = `mutation { verifyAuditLog { ... on AuditVerification { entries head anchors anchoredTo fault { kind position message } } } }`

test('looking at the log says that it is whole, or where it is not, and is an entry itself', async () => {
  const viewer = createTestViewer()
  for (const action of ['thing.made', 'thing.moved', 'thing.sold']) await write(viewer, action)
  expect((await house.client.data<Verified>(viewer, verification)).verifyAuditLog).toMatchObject({
    entries: 3,
    fault: null,
  })
  await house.platform.database.asOwner(`alter table platform.audit_entry disable trigger user`)
  await house.platform.database.asOwner(
    `update platform.audit_entry set subject_id = 'thg_9' where organization_id = $1 and position = 2`,
    [viewer.organizationId],
  )
  await house.platform.database.asOwner(`alter table platform.audit_entry enable trigger user`)
  expect((await house.client.data<Verified>(viewer, verification)).verifyAuditLog).toMatchObject({
    entries: 4,
    fault: { kind: 'CHANGED', position: '2' },
  })
  expect((await list(viewer, { filter: { actions: ['audit_log.verified'] } })).nodes).toMatchObject([
    { detail: { entries: 4, fault: 'CHANGED', position: 2 } },
    { detail: { entries: 3 } },
  ])
})

test('the log says what no longer keeps it from being changed, and that it was found', async () => {
  const viewer = createTestViewer()
  await write(viewer, 'thing.made')
  const text = `mutation { verifyAuditLog { ... on AuditVerification { fault { kind } guardFaults { kind table message } } } }`
  const verify = async () =>
    (await house.client.data<{ verifyAuditLog: { fault: null; guardFaults: object[] } }>(viewer, text)).verifyAuditLog
  expect(await verify()).toEqual({ fault: null, guardFaults: [] })
  await house.platform.database.asOwner('alter table platform.audit_entry disable trigger append_only')
  await house.platform.database.asOwner('grant delete on platform.audit_anchor to passerelle_app')
  const found = await verify()
  await house.platform.database.asOwner('alter table platform.audit_entry enable trigger append_only')
  await house.platform.database.asOwner('revoke delete on platform.audit_anchor from passerelle_app')
  expect(found).toMatchObject({
    fault: null,
    guardFaults: [
      { kind: 'PRIVILEGE', table: 'platform.audit_anchor', message: expect.stringContaining('DELETE to') },
      { kind: 'TRIGGER', table: 'platform.audit_entry' },
    ],
  })
  expect(await verify()).toEqual({ fault: null, guardFaults: [] })
  const { nodes } = await list(viewer, { filter: { actions: ['audit_log.verified'] } })
  expect(nodes.map(({ detail }) => detail)).toEqual([
    { entries: 3 },
    { entries: 2, unguarded: ['PRIVILEGE platform.audit_anchor', 'TRIGGER platform.audit_entry'] },
    { entries: 1 },
  ])
})

/** GETs a link of ours, without a server between. */
async function get(url: string): Promise<{ status: number; body: string }> {
  const pieces: Buffer[] = []
  let status = 0
  const sink = new Writable({
    write(piece: Buffer, _encoding, done) {
      pieces.push(Buffer.from(piece))
      done()
    },
  })
  const response = Object.assign(sink, {
    headersSent: false,
    writeHead(code: number) {
      status = code
      return response
    },
  })
  const [route] = auditRoutes
  const info = { requestId: 'req_1', log: house.platform.log, url: new URL(url, 'http://house') }
  await route?.open(house.platform)(
    { url, method: 'GET' } as IncomingMessage,
    response as Writable as ServerResponse,
    info,
  )
  return { status, body: Buffer.concat(pieces).toString() }
}

async function link(viewer: Viewer, format: string): Promise<string> {
  const text = `mutation { exportAuditLog(format: ${format}) { ... on AuditExport { url } } }`
  return (await house.client.data<{ exportAuditLog: { url: string } }>(viewer, text)).exportAuditLog.url
}

test('the log is taken away as JSON lines with which the chain can be verified elsewhere', async () => {
  const viewer = createTestViewer()
  await write(viewer, 'thing.made', 'thg_1')
  await write(viewer, 'thing.sold', 'thg_1')
  const { status, body } = await get(await link(viewer, 'JSONL'))
  expect(status).toBe(200)
  const lines = body
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(lines.map(({ action }) => action)).toEqual(['thing.made', 'thing.sold', 'audit_log.exported'])
  let previous: Buffer = chainStart
  for (const { hash, ...entry } of lines) {
    previous = continueChain(previous, { ...entry, occurredAt: new Date(entry.occurredAt) })
    expect(previous.toString('hex')).toBe(hash)
  }
})

test('as CSV nothing in it is a formula, and a link of one house opens nothing of another', async () => {
  const viewer = createTestViewer()
  await write(viewer, 'thing.made', '=HYPERLINK("http://x")')
  const url = await link(viewer, 'CSV')
  const { body } = await get(url)
  expect(body.split('\r\n')[1]).toContain(`"'=HYPERLINK(""http://x"")"`)
  for (const tried of [`${url}x`, url.slice(0, -3), url.split('?')[0] ?? '', url.replace('journal', 'annales')])
    expect((await get(tried)).status).toBe(403)
})
