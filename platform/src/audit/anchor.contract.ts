import { expect, test } from 'vitest'
import { openTokenKeys } from '../identity/tokens.ts'
import { anchorGrown, anchorRestored } from './anchor.ts'
import { chainStart, continueChain } from './chain.ts'
import { always, useChains, type Statement } from './chains.testing.ts'
import { readEntries } from './entries.ts'
import { listChains, verifyChain } from './verify.ts'

const chains = useChains()

test('an end that is cut off is found by the head, and by the anchor when the head was set back too', async () => {
  const [cut, thorough, emptied] = [await chains.open(), await chains.open(), await chains.open()]
  const setBack = `update platform.audit_head as head set position = 4,
    hash = (select hash from platform.audit_entry where organization_id = head.organization_id and position = 4) where organization_id = $1`
  await chains.asSuperuser(
    [`delete from platform.audit_entry where organization_id = $1 and position > 4`, [cut]],
    [`delete from platform.audit_entry where organization_id = $1 and position > 4`, [thorough]],
    [`delete from platform.audit_anchor where organization_id = $1`, [thorough]],
    [setBack, [thorough]],
    ...['entry', 'anchor', 'head'].map((table): Statement => [
      `delete from platform.audit_${table} where organization_id = $1`,
      [emptied],
    ]),
  )
  expect((await chains.verify(cut)).fault).toMatchObject({ kind: 'TRUNCATED', position: 5 })
  expect((await chains.verify(thorough)).fault).toMatchObject({ kind: 'TRUNCATED', position: 5 })
  expect((await chains.verify(emptied)).fault).toMatchObject({ kind: 'TRUNCATED', position: 1 })
  expect(await listChains(chains.house)).toContain(emptied)
})

/** Changes an entry and makes every hash behind it right again, that of the head and of the anchors in the database too. */
async function forge(organizationId: string, position: number, { anchors = true } = {}): Promise<void> {
  const statements: Statement[] = []
  let previous: Buffer = chainStart
  for await (const page of readEntries(chains.database.sql, organizationId))
    for (const entry of page) {
      const changed = entry.position === position ? { ...entry, userId: 'usr_innocent' } : entry
      previous = continueChain(previous, changed)
      statements.push([
        'update platform.audit_entry set user_id = $3, hash = $4 where organization_id = $1 and position = $2',
        [organizationId, entry.position, changed.userId, previous],
      ])
      if (anchors)
        statements.push([
          'update platform.audit_anchor set hash = $3 where organization_id = $1 and position = $2',
          [organizationId, entry.position, previous],
        ])
    }
  await chains.asSuperuser(...statements, [
    'update platform.audit_head set hash = $2 where organization_id = $1',
    [organizationId, previous],
  ])
}

test('a chain that is written anew as a whole is found by what was signed, and located between two anchors', async () => {
  const organizationId = await chains.open(3)
  await chains.write(organizationId, 3)
  await anchorGrown(chains.house, always)
  await chains.write(organizationId, 2)
  await forge(organizationId, 5)
  expect((await chains.verify(organizationId)).fault).toMatchObject({ kind: 'FORGED', position: 4 })
})

test('an anchor that somebody else made, or made for another chain, is found', async () => {
  const [mine, other] = [await chains.open(), await chains.open()]
  const [mark = ''] = await chains.house.blobs.marks(other)
  await chains.house.blobs.mark(mine, mark.replace(/^\d{12}/, '000000000007'))
  expect((await chains.verify(mine)).fault).toMatchObject({ kind: 'SEAL', position: 7 })
  const stranger = openTokenKeys({ tokenKey: new Uint8Array(32).fill(9), fileKey: new Uint8Array(32).fill(2) })
  expect((await verifyChain({ ...chains.house, keys: stranger }, other)).fault).toMatchObject({
    kind: 'SEAL',
    message: expect.stringContaining('another secret'),
  })
})

test.each([
  [`hash = set_byte(hash, 0, get_byte(hash, 0) # 1)`, 6],
  [`signature = set_byte(signature, 0, get_byte(signature, 0) # 1)`, 6],
  [`signed_at = signed_at + interval '1 second'`, 6],
  [`signed_at = 'infinity'`, 6],
  [`position = 4`, 4],
  [`position = 900, key_id = 'somebody'`, 900],
])('an anchor that is changed in the database alone is found: %s', async (change, position) => {
  const organizationId = await chains.open()
  await chains.asSuperuser([`update platform.audit_anchor set ${change} where organization_id = $1`, [organizationId]])
  expect((await chains.verify(organizationId)).fault).toMatchObject({ kind: 'SEAL', position })
})

test('an anchor that is taken away outside the database still holds by its copy there', async () => {
  const organizationId = await chains.open(6)
  const blobs = { ...chains.house.blobs, marks: async () => [] }
  const verify = () => verifyChain({ ...chains.house, blobs }, organizationId)
  expect(await verify()).toMatchObject({ fault: null, anchors: 1, anchoredTo: 6 })
  await forge(organizationId, 5, { anchors: false })
  expect((await verify()).fault).toMatchObject({ kind: 'FORGED', position: 1 })
})

test('a state that an operator puts back is right once the restore is signed, and the position goes on from there', async () => {
  const organizationId = await chains.open(6)
  const rows = await chains.database.asOwner<{ hash: Buffer }>(
    'select hash from platform.audit_entry where organization_id = $1 and position = 3',
    [organizationId],
  )
  await chains.asSuperuser(
    ['delete from platform.audit_entry where organization_id = $1 and position > 3', [organizationId]],
    ['delete from platform.audit_anchor where organization_id = $1', [organizationId]],
    [
      'update platform.audit_head set position = 3, hash = $2 where organization_id = $1',
      [organizationId, rows[0]?.hash],
    ],
  )
  expect((await chains.verify(organizationId)).fault).toMatchObject({ kind: 'TRUNCATED' })
  await anchorRestored(chains.house)
  expect(await chains.verify(organizationId)).toMatchObject({ fault: null, entries: 3 })
  await chains.write(organizationId, 4)
  await anchorGrown(chains.house, always)
  expect(await chains.verify(organizationId)).toMatchObject({ fault: null, entries: 7, anchoredTo: 7 })
})

/** The rows of a chain as a backup has them, and how to put them back. */
async function keep(organizationId: string): Promise<() => Promise<void>> {
  const kept = `kept_${Math.random().toString(36).slice(2)}`
  const tables = ['audit_entry', 'audit_anchor', 'audit_head']
  await chains.asSuperuser(
    ...tables.map((table): Statement => [
      `create table public.${kept}_${table} as select * from platform.${table} where organization_id = '${organizationId}'`,
    ]),
  )
  return async () => {
    await chains.asSuperuser(
      ...tables.flatMap((table): Statement[] => [
        [`delete from platform.${table} where organization_id = $1`, [organizationId]],
        [`insert into platform.${table} select * from public.${kept}_${table}`],
      ]),
    )
    await chains.write(organizationId, 1)
    await anchorRestored(chains.house)
  }
}

test('who puts back an older backup and then a newer one has the chain of the newer one, and what was written between is no forgery', async () => {
  const organizationId = await chains.open(6)
  const sign = async (entries: number): Promise<void> => {
    await chains.write(organizationId, entries)
    await anchorGrown(chains.house, always)
  }
  const putMonday = await keep(organizationId)
  await sign(3)
  const putTuesday = await keep(organizationId)
  await sign(4)
  await putMonday()
  await sign(1)
  const putWednesday = await keep(organizationId)
  expect(await chains.verify(organizationId)).toMatchObject({ fault: null, entries: 8, anchors: 3 })
  await putTuesday()
  await sign(1)
  expect(await chains.verify(organizationId)).toMatchObject({ fault: null, entries: 11, anchoredTo: 11 })
  await putMonday()
  await putWednesday()
  await putTuesday()
  expect(await chains.verify(organizationId)).toMatchObject({ fault: null, entries: 10, anchoredTo: 10 })
  const change = (user: string): Statement => [
    `update platform.audit_entry set user_id = '${user}' where organization_id = $1 and position = 9`,
    [organizationId],
  ]
  await chains.asSuperuser(change('usr_2'))
  expect((await chains.verify(organizationId)).fault).toMatchObject({ kind: 'CHANGED', position: 9 })
  await chains.asSuperuser(change('usr_1'))
  await forge(organizationId, 8)
  expect((await chains.verify(organizationId)).fault).toMatchObject({ kind: 'FORGED', position: 7 })
})

test('a chain that is written anew behind a restore is found', async () => {
  const organizationId = await chains.open(6)
  const putBack = await keep(organizationId)
  await chains.write(organizationId, 3)
  await anchorGrown(chains.house, always)
  await putBack()
  await chains.write(organizationId, 3)
  await anchorGrown(chains.house, always)
  await forge(organizationId, 9)
  expect((await chains.verify(organizationId)).fault).toMatchObject({ kind: 'FORGED', position: 8 })
})

test('a chain is signed again when it has grown, and not while it has not', async () => {
  const organizationId = await chains.open(2)
  await anchorGrown(chains.house, always)
  await chains.write(organizationId, 2)
  await anchorGrown(chains.house, { grown: 3, age: '1 hour' })
  expect(await chains.house.blobs.marks(organizationId)).toHaveLength(1)
  await anchorGrown(chains.house, { grown: 2, age: '1 hour' })
  expect(await chains.house.blobs.marks(organizationId)).toHaveLength(2)
})
