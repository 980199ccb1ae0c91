import { expect, test } from 'vitest'
import { newId } from '../ids/ids.ts'
import { audit } from './audit.ts'
import { useChains } from './chains.testing.ts'
import { listChains } from './verify.ts'

const chains = useChains()

test('a chain that nobody has touched is whole, also where it was never signed and where there is none', async () => {
  const organizationId = await chains.open()
  expect(await chains.verify(organizationId)).toMatchObject({ entries: 6, fault: null, anchors: 1, anchoredTo: 6 })
  await chains.write(organizationId, 2)
  expect(await chains.verify(organizationId)).toMatchObject({ entries: 8, fault: null, anchoredTo: 6 })
  expect(await chains.verify(newId('org'))).toMatchObject({ entries: 0, fault: null, anchors: 0 })
})

test.each([
  [`occurred_at = occurred_at + interval '1 millisecond'`],
  [`occurred_at = 'infinity'`],
  [`occurred_at = '-infinity'`],
  [`occurred_at = '0044-03-15 BC'`],
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
  const organizationId = await chains.open()
  await chains.asSuperuser([
    `update platform.audit_entry set ${change} where organization_id = $1 and position = 4`,
    [organizationId],
  ])
  expect((await chains.verify(organizationId)).fault).toMatchObject({ kind: 'CHANGED', position: 4 })
})

test('an entry that is taken out, or moved to another organisation, is found and located', async () => {
  const [taken, moved] = [await chains.open(), await chains.open()]
  await chains.asSuperuser(
    [`delete from platform.audit_entry where organization_id = $1 and position = 3`, [taken]],
    [
      `update platform.audit_entry set organization_id = organization_id || 'x' where organization_id = $1 and position = 2`,
      [moved],
    ],
  )
  expect((await chains.verify(taken)).fault).toMatchObject({ kind: 'MISSING', position: 3 })
  expect((await chains.verify(moved)).fault).toMatchObject({ kind: 'MISSING', position: 2 })
})

test('entries that change places, or close up behind one that was taken out, are found and located', async () => {
  const [swapped, closed, added] = [await chains.open(), await chains.open(), await chains.open()]
  const drop = `alter table platform.audit_entry drop constraint audit_entry_position_check`
  await chains.asSuperuser(
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
  expect((await chains.verify(swapped)).fault).toMatchObject({ kind: 'CHANGED', position: 2 })
  expect((await chains.verify(closed)).fault).toMatchObject({ kind: 'CHANGED', position: 2 })
  expect((await chains.verify(added)).fault).toMatchObject({ kind: 'CHANGED', position: 7 })
})

test('a moment that is changed by less than the log counts in is found, as a byte in the file of the table would be', async () => {
  const organizationId = await chains.open()
  const column = 'alter table platform.audit_entry alter occurred_at type timestamptz'
  await chains.asSuperuser(
    [`${column}(6)`],
    [
      `update platform.audit_entry set occurred_at = occurred_at + interval '1 microsecond' where organization_id = $1 and position = 4`,
      [organizationId],
    ],
  )
  expect((await chains.verify(organizationId)).fault).toMatchObject({ kind: 'CHANGED', position: 4 })
  await chains.asSuperuser([`${column}(3)`])
})

test('an entry that PostgreSQL cannot read any more is told as such, and where it is', async () => {
  const organizationId = await chains.open()
  await chains.asSuperuser(
    [
      `create function public.damage(text, bigint) returns boolean language plpgsql as $$ begin
         if $1 = '${organizationId}' and $2 = 4 then raise 'invalid page in block 0' using errcode = 'data_corrupted'; end if;
         return true; end $$`,
    ],
    [
      'create policy damaged on platform.audit_entry as restrictive for select using (public.damage(organization_id, position))',
    ],
  )
  const { fault } = await chains.verify(organizationId)
  await chains.asSuperuser(['drop policy damaged on platform.audit_entry'], ['drop function public.damage'])
  expect(fault).toMatchObject({ kind: 'CHANGED', position: 4, message: expect.stringContaining('cannot be read') })
  expect((await chains.verify(organizationId)).fault).toBeNull()
})

test('entries before the first one, and those of a chain that nobody began, are found', async () => {
  const organizationId = await chains.open()
  const [before, made] = [-5, 'org_made_up']
  const copy = (organization: string, position: string): string =>
    `insert into platform.audit_entry select ${organization}, ${position}, occurred_at, author, user_id, key_id, session_id, request_id, caller, action,
       subject_kind, subject_id, detail, hash from platform.audit_entry where organization_id = $1`
  await chains.asSuperuser(
    [`alter table platform.audit_entry drop constraint audit_entry_position_check`],
    [`${copy(`'${made}'`, 'position')} and position < 3`, [organizationId]],
    [`${copy('organization_id', String(before))} and position = 1`, [organizationId]],
  )
  expect((await chains.verify(organizationId)).fault).toMatchObject({ kind: 'MISSING', position: 1 })
  expect(await listChains(chains.house)).toContain(made)
  expect((await chains.verify(made)).fault).toMatchObject({ kind: 'CHANGED', position: 1 })
  await chains.asSuperuser(
    ['delete from platform.audit_entry where position < 0'],
    ['alter table platform.audit_entry add constraint audit_entry_position_check check (position > 0)'],
  )
})

test('a head that was set back or changed is found before it begins another chain', async () => {
  const [back, changed] = [await chains.open(), await chains.open()]
  await chains.asSuperuser(
    ['update platform.audit_head set position = 2 where organization_id = $1', [back]],
    [
      'update platform.audit_head set hash = set_byte(hash, 0, get_byte(hash, 0) # 1) where organization_id = $1',
      [changed],
    ],
  )
  expect((await chains.verify(back)).fault).toMatchObject({ kind: 'CHANGED', position: 7 })
  expect((await chains.verify(changed)).fault).toMatchObject({ kind: 'CHANGED', position: 7 })
})

test('whatever a client calls a thing is written as it was hashed', async () => {
  const organizationId = newId('org')
  for (const id of ['a\ud800b', '\udfff', 'é'.repeat(5_000), `x${'🦊'.repeat(150)}`, `a'"\\\n\u2028`])
    await chains.database.sql.withOrganization({ organizationId }, async (tx) =>
      audit(tx, { action: 'thing.changed', subject: { kind: 'Thing', id }, detail: { id: id.slice(0, 100) } }),
    )
  expect(await chains.verify(organizationId)).toMatchObject({ entries: 5, fault: null })
})

test('two hundred who write at once, while it is verified again and again, leave a chain that is whole', async () => {
  const organizationId = newId('org')
  let writing = true
  const looking = (async () => {
    while (writing) expect((await chains.verify(organizationId)).fault).toBeNull()
  })()
  await Promise.all(Array.from({ length: 200 }, () => chains.write(organizationId, 1)))
  writing = false
  await looking
  expect(await chains.verify(organizationId)).toMatchObject({ entries: 200, fault: null })
})
