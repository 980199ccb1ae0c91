import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { publish } from '../facts/facts.ts'
import { newId } from '../ids/ids.ts'
import type { OrganizationScope } from '../sql/sql.ts'
import { createTestDatabase, type TestDatabase } from '../sql/testing.ts'
import { underCaller, underRequest } from '../telemetry/origin.ts'
import { audit, type AuditEvent } from './audit.ts'
import { networkAround } from '../identity/networks.ts'

let database: TestDatabase

beforeAll(async () => {
  database = await createTestDatabase()
})

afterAll(() => database.drop())

function record(scope: OrganizationScope, ...events: AuditEvent[]): Promise<void> {
  return database.sql.withOrganization(scope, async (tx) => {
    for (const event of events) audit(tx, event)
  })
}

function entriesOf(organizationId: string) {
  return database.asOwner<{ position: number; action: string; author: string; user_id: string | null }>(
    'select * from platform.audit_entry where organization_id = $1 order by position',
    [organizationId],
  )
}

test('an entry tells who did what to what, in which session and request', async () => {
  const [organizationId, userId, sessionId] = [newId('org'), newId('usr'), newId('ses')]
  const write = () =>
    record(
      { organizationId, userId, sessionId },
      { action: 'api_key.created', subject: { kind: 'ApiKey', id: 'key_1' }, detail: { scopes: ['document:read'] } },
      { action: 'document.labelled', author: 'AI' },
    )
  await underRequest('req_1', () => underCaller('::ffff:192.0.2.77', write))
  await record({ organizationId, keyId: 'key_1' }, { action: 'proposal.made' })
  await record({ organizationId }, { action: 'key.expired' })
  expect(await entriesOf(organizationId)).toMatchObject([
    {
      position: 1,
      author: 'PERSON',
      user_id: userId,
      session_id: sessionId,
      request_id: 'req_1',
      caller: '192.0.2.0/24',
      action: 'api_key.created',
      subject_kind: 'ApiKey',
      subject_id: 'key_1',
      detail: { scopes: ['document:read'] },
    },
    { position: 2, author: 'AI', user_id: userId, action: 'document.labelled' },
    { position: 3, author: 'KEY', key_id: 'key_1', user_id: null, request_id: null },
    { position: 4, author: 'SERVICE', user_id: null, key_id: null },
  ])
})

test('an entry of a rolled-back transaction was never there', async () => {
  const organizationId = newId('org')
  await expect(
    database.sql.withOrganization({ organizationId }, async (tx) => {
      audit(tx, { action: 'thing.changed' })
      throw new Error('changed my mind')
    }),
  ).rejects.toThrow('changed my mind')
  await record({ organizationId }, { action: 'thing.left' })
  expect(await entriesOf(organizationId)).toMatchObject([{ position: 1, action: 'thing.left' }])
})

test('two hundred writers at once, who publish before or after, leave no gap and wait for nobody for ever', async () => {
  const organizationId = newId('org')
  const write = (n: number) =>
    database.sql.withOrganization({ organizationId }, async (tx) => {
      if (n % 2) publish(tx, { type: 'thing.happened', payload: { n } })
      audit(tx, { action: 'thing.changed', detail: { n } })
      if (n % 2 === 0) publish(tx, { type: 'thing.happened', payload: { n } })
    })
  await Promise.all(Array.from({ length: 200 }, (_, n) => write(n)))
  const positions = (await entriesOf(organizationId)).map(({ position }) => position)
  expect(positions).toEqual(positions.map((_, index) => index + 1))
  expect(positions).toHaveLength(200)
})

test('neither the plain role nor the owner changes, removes or empties what is written', async () => {
  const organizationId = newId('org')
  await record({ organizationId }, { action: 'thing.changed' })
  const changes = [
    `update platform.audit_entry set action = 'thing.left'`,
    'delete from platform.audit_entry',
    'truncate platform.audit_entry',
  ]
  const app = new pg.Client(database.app)
  await app.connect()
  for (const change of changes) {
    await expect(database.asOwner(change)).rejects.toThrow('platform.audit_entry is append-only')
    await expect(app.query(change)).rejects.toThrow('permission denied')
  }
  await app.end()
})

test.each([
  ['192.0.2.77', '192.0.2.0/24'],
  ['2001:db8:1:2:3::9', '2001:db8:1::/48'],
  ['::1', '0:0:0::/48'],
  ['fe80::1%eth0', 'fe80:0:0::/48'],
  ['not an address', null],
  [undefined, null],
])('of %s no more than the network is kept', (address, network) => {
  expect(networkAround(address)).toBe(network)
})

test('what is no action, and a detail that is no detail, are refused before they are written for ever', async () => {
  const organizationId = newId('org')
  await expect(record({ organizationId }, { action: 'Somebody did something' })).rejects.toThrow('audited action')
  const detail = { text: 'x'.repeat(3_000) }
  await expect(record({ organizationId }, { action: 'thing.changed', detail })).rejects.toThrow('too long')
})
