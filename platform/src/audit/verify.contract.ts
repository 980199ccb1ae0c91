import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Blobs } from '../blobs/blobs.ts'
import { openFolderBlobs } from '../blobs/folder.ts'
import { openTokenKeys } from '../identity/tokens.ts'
import { newId } from '../ids/ids.ts'
import { createLog } from '../log/log.ts'
import { createTestDatabase, type TestDatabase } from '../sql/testing.ts'
import { underRequest } from '../telemetry/origin.ts'
import { anchorGrown, anchorRestored } from './anchor.ts'
import { audit } from './audit.ts'
import { continueChain, chainStart } from './chain.ts'
import { readEntries } from './entries.ts'
import { listChains, verifyChain, type AuditVerdict } from './verify.ts'

let database: TestDatabase
let blobs: Blobs
let folder: string
const keys = openTokenKeys({ tokenKey: new Uint8Array(32).fill(1), fileKey: new Uint8Array(32).fill(2) })
const log = createLog({ name: 'test', level: 'silent' })
const house = () => ({ sql: database.sql, blobs, keys, log })
const always = { grown: 1, age: '0 seconds' }

beforeAll(async () => {
  database = await createTestDatabase()
  folder = await mkdtemp(join(tmpdir(), 'passerelle-audit-'))
  blobs = await openFolderBlobs({ folder })
})

afterAll(async () => {
  await database.drop()
  await rm(folder, { recursive: true, force: true })
})

async function write(organizationId: string, count: number): Promise<void> {
  for (let n = 0; n < count; n++)
    await underRequest(`req_${n}`, () =>
      database.sql.withOrganization({ organizationId, userId: 'usr_1', sessionId: 'ses_1' }, async (tx) =>
        audit(tx, { action: 'thing.changed', subject: { kind: 'Thing', id: `thg_${n}` }, detail: { n } }),
      ),
    )
}

/** An organisation with a chain of so many entries, signed where it then ends. */
async function openChain(entries = 6): Promise<string> {
  const organizationId = newId('org')
  await write(organizationId, entries)
  await anchorGrown(house(), always)
  return organizationId
}

/** What somebody does who owns the server, and takes the triggers away first. */
async function asSuperuser(...statements: [text: string, values?: unknown[]][]): Promise<void> {
  const client = new pg.Client(database.owner)
  await client.connect()
  try {
    await client.query(`set session_replication_role = replica`)
    for (const [text, values] of statements) await client.query(text, values)
  } finally {
    await client.end()
  }
}

const verify = (organizationId: string): Promise<AuditVerdict> => verifyChain(house(), organizationId)

test('a chain that nobody has touched is whole, also where it was never signed and where there is none', async () => {
  const organizationId = await openChain()
  expect(await verify(organizationId)).toMatchObject({ entries: 6, fault: null, anchors: 1, anchoredTo: 6 })
  await write(organizationId, 2)
  expect(await verify(organizationId)).toMatchObject({ entries: 8, fault: null, anchoredTo: 6 })
  expect(await verify(newId('org'))).toMatchObject({ entries: 0, fault: null, anchors: 0 })
})

test.each([
  [`occurred_at = occurred_at + interval '1 millisecond'`],
  [`author = 'SERVICE'`],
  [`user_id = 'usr_2'`],
  [`user_id = null`],
  [`key_id = 'k'`],
  [`session_id = 'ses_2'`],
  [`request_id = 'req_x'`],
  [`caller = '10.0.0.0/8'`],
  [`action = 'thing.chanced'`],
  [`subject_kind = 'Thint'`],
  [`subject_id = 'thg_9'`],
  [`detail = '{"n":9}'`],
  [`detail = '{"n": 3}'`],
  [`hash = set_byte(hash, 31, get_byte(hash, 31) # 1)`],
])('one byte changed by a superuser is found and located: %s', async (change) => {
  const organizationId = await openChain()
  await asSuperuser([
    `update platform.audit_entry set ${change} where organization_id = $1 and position = 4`,
    [organizationId],
  ])
  expect((await verify(organizationId)).fault).toMatchObject({ kind: 'CHANGED', position: 4 })
})

test('an entry that is taken out, or moved to another organisation, is found and located', async () => {
  const [taken, moved] = [await openChain(), await openChain()]
  await asSuperuser(
    [`delete from platform.audit_entry where organization_id = $1 and position = 3`, [taken]],
    [
      `update platform.audit_entry set organization_id = organization_id || 'x' where organization_id = $1 and position = 2`,
      [moved],
    ],
  )
  expect((await verify(taken)).fault).toMatchObject({ kind: 'MISSING', position: 3 })
  expect((await verify(moved)).fault).toMatchObject({ kind: 'MISSING', position: 2 })
})

test('entries that change places, or close up behind one that was taken out, are found and located', async () => {
  const [swapped, closed, added] = [await openChain(), await openChain(), await openChain()]
  const drop = `alter table platform.audit_entry drop constraint audit_entry_position_check`
  await asSuperuser(
    [drop],
    [
      `update platform.audit_entry set position = -position where organization_id = $1 and position in (2, 5)`,
      [swapped],
    ],
    [
      `update platform.audit_entry set position = 7 + position where organization_id = $1 and position in (-2, -5)`,
      [swapped],
    ],
    [`delete from platform.audit_entry where organization_id = $1 and position = 2`, [closed]],
    [
      `update platform.audit_entry set position = -(position - 1) where organization_id = $1 and position > 2`,
      [closed],
    ],
    [`update platform.audit_entry set position = -position where organization_id = $1 and position < 0`, [closed]],
    [
      `insert into platform.audit_entry select organization_id, 7, occurred_at, author, user_id, key_id, session_id, request_id, caller, action,
         subject_kind, subject_id, detail, hash from platform.audit_entry where organization_id = $1 and position = 6`,
      [added],
    ],
    [`alter table platform.audit_entry add constraint audit_entry_position_check check (position > 0)`],
  )
  expect((await verify(swapped)).fault).toMatchObject({ kind: 'CHANGED', position: 2 })
  expect((await verify(closed)).fault).toMatchObject({ kind: 'CHANGED', position: 2 })
  expect((await verify(added)).fault).toMatchObject({ kind: 'CHANGED', position: 7 })
})

test('an end that is cut off is found by the head, and by the anchor when the head was set back too', async () => {
  const [cut, thorough, emptied] = [await openChain(), await openChain(), await openChain()]
  const setBack = `update platform.audit_head as head set position = 4,
    hash = (select hash from platform.audit_entry where organization_id = head.organization_id and position = 4) where organization_id = $1`
  await asSuperuser(
    [`delete from platform.audit_entry where organization_id = $1 and position > 4`, [cut]],
    [`delete from platform.audit_entry where organization_id = $1 and position > 4`, [thorough]],
    [`delete from platform.audit_anchor where organization_id = $1`, [thorough]],
    [setBack, [thorough]],
    ...['entry', 'anchor', 'head'].map((table): [string, unknown[]] => [
      `delete from platform.audit_${table} where organization_id = $1`,
      [emptied],
    ]),
  )
  expect((await verify(cut)).fault).toMatchObject({ kind: 'TRUNCATED', position: 5 })
  expect((await verify(thorough)).fault).toMatchObject({ kind: 'TRUNCATED', position: 5 })
  expect((await verify(emptied)).fault).toMatchObject({ kind: 'TRUNCATED', position: 1 })
  expect(await listChains(house())).toContain(emptied)
})

/** Changes an entry and makes every hash behind it right again, that of the head and of the anchors in the database too. */
async function forge(organizationId: string, position: number): Promise<void> {
  const statements: [string, unknown[]][] = []
  let previous: Buffer = chainStart
  for await (const page of readEntries(database.sql, organizationId))
    for (const entry of page) {
      const changed = entry.position === position ? { ...entry, userId: 'usr_innocent' } : entry
      previous = continueChain(previous, changed)
      statements.push([
        'update platform.audit_entry set user_id = $3, hash = $4 where organization_id = $1 and position = $2',
        [organizationId, entry.position, changed.userId, previous],
      ])
      statements.push([
        'update platform.audit_anchor set hash = $3 where organization_id = $1 and position = $2',
        [organizationId, entry.position, previous],
      ])
    }
  await asSuperuser(...statements, [
    'update platform.audit_head set hash = $2 where organization_id = $1',
    [organizationId, previous],
  ])
}

test('a chain that is written anew as a whole is found by what was signed, and located between two anchors', async () => {
  const organizationId = await openChain(3)
  await write(organizationId, 3)
  await anchorGrown(house(), always)
  await write(organizationId, 2)
  await forge(organizationId, 5)
  expect((await verify(organizationId)).fault).toMatchObject({ kind: 'FORGED', position: 4 })
})

test('a head that was set back or changed is found before it begins another chain', async () => {
  const [back, changed] = [await openChain(), await openChain()]
  await asSuperuser(
    ['update platform.audit_head set position = 2 where organization_id = $1', [back]],
    [
      'update platform.audit_head set hash = set_byte(hash, 0, get_byte(hash, 0) # 1) where organization_id = $1',
      [changed],
    ],
  )
  expect((await verify(back)).fault).toMatchObject({ kind: 'CHANGED', position: 7 })
  expect((await verify(changed)).fault).toMatchObject({ kind: 'CHANGED', position: 7 })
})

test('an anchor that somebody else made, or made for another chain, is found', async () => {
  const [mine, other] = [await openChain(), await openChain()]
  const [mark = ''] = await blobs.marks(other)
  await blobs.mark(mine, mark.replace(/^\d{12}/, '000000000007'))
  expect((await verify(mine)).fault).toMatchObject({ kind: 'SEAL', position: 7 })
  const stranger = openTokenKeys({ tokenKey: new Uint8Array(32).fill(9), fileKey: new Uint8Array(32).fill(2) })
  expect((await verifyChain({ ...house(), keys: stranger }, other)).fault).toMatchObject({
    kind: 'SEAL',
    message: expect.stringContaining('another secret'),
  })
})

test('a state that an operator puts back is right once the restore is signed, and the position goes on from there', async () => {
  const organizationId = await openChain(6)
  const rows = await database.asOwner<{ hash: Buffer }>(
    'select hash from platform.audit_entry where organization_id = $1 and position = 3',
    [organizationId],
  )
  await asSuperuser(
    ['delete from platform.audit_entry where organization_id = $1 and position > 3', [organizationId]],
    ['delete from platform.audit_anchor where organization_id = $1', [organizationId]],
    [
      'update platform.audit_head set position = 3, hash = $2 where organization_id = $1',
      [organizationId, rows[0]?.hash],
    ],
  )
  expect((await verify(organizationId)).fault).toMatchObject({ kind: 'TRUNCATED' })
  await anchorRestored(house())
  expect(await verify(organizationId)).toMatchObject({ fault: null, entries: 3 })
  await write(organizationId, 4)
  await anchorGrown(house(), always)
  expect(await verify(organizationId)).toMatchObject({ fault: null, entries: 7, anchoredTo: 7 })
})

test('a chain is signed again when it has grown, and not while it has not', async () => {
  const organizationId = await openChain(2)
  await anchorGrown(house(), always)
  await write(organizationId, 2)
  await anchorGrown(house(), { grown: 3, age: '1 hour' })
  expect(await blobs.marks(organizationId)).toHaveLength(1)
  await anchorGrown(house(), { grown: 2, age: '1 hour' })
  expect(await blobs.marks(organizationId)).toHaveLength(2)
})

test('whatever a client calls a thing is written as it was hashed', async () => {
  const organizationId = newId('org')
  for (const id of ['a\ud800b', '\udfff', 'é'.repeat(5_000), `x${'🦊'.repeat(150)}`, `a'"\\\n\u2028`])
    await database.sql.withOrganization({ organizationId }, async (tx) =>
      audit(tx, { action: 'thing.changed', subject: { kind: 'Thing', id }, detail: { id: id.slice(0, 100) } }),
    )
  expect(await verify(organizationId)).toMatchObject({ entries: 5, fault: null })
})

test('two hundred who write at once, while it is verified again and again, leave a chain that is whole', async () => {
  const organizationId = newId('org')
  let writing = true
  const looking = (async () => {
    while (writing) expect((await verify(organizationId)).fault).toBeNull()
  })()
  await Promise.all(Array.from({ length: 200 }, () => write(organizationId, 1)))
  writing = false
  await looking
  expect(await verify(organizationId)).toMatchObject({ entries: 200, fault: null })
})
