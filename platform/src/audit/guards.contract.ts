import { expect, test } from 'vitest'
import { openSql } from '../sql/sql.ts'
import { useChains } from './chains.testing.ts'
import { findGuardFaults } from './guards.ts'

const chains = useChains()

const look = () => findGuardFaults(chains.database.sql)

const refuse = (body: string): string =>
  `create or replace function platform.refuse_change() returns trigger language plpgsql as $$ begin ${body} end $$`

const whole = `raise exception '% is append-only', tg_table_schema || '.' || tg_table_name using errcode = 'insufficient_privilege';`

const trigger = (events: string): string =>
  `create trigger append_only before ${events} on platform.audit_entry for each statement execute function platform.refuse_change()`

const [entry, anchor, head] = ['platform.audit_entry', 'platform.audit_anchor', 'platform.audit_head']

test('a log that everything guards has no fault', async () => {
  expect(await look()).toEqual([])
})

test.each([
  [`alter table ${entry} disable trigger append_only`, `alter table ${entry} enable trigger append_only`, entry],
  [`alter table ${anchor} disable trigger user`, `alter table ${anchor} enable trigger user`, anchor],
  [`alter table ${entry} enable replica trigger append_only`, `alter table ${entry} enable trigger append_only`, entry],
  [`drop trigger append_only on ${entry}`, trigger('update or delete or truncate'), entry],
  [
    `drop trigger append_only on ${entry}; ${trigger('update or delete')}`,
    `drop trigger append_only on ${entry}; ${trigger('update or delete or truncate')}`,
    entry,
  ],
  [
    `drop trigger append_only on ${entry}; ${trigger('update of action or delete or truncate')}`,
    `drop trigger append_only on ${entry}; ${trigger('update or delete or truncate')}`,
    entry,
  ],
])('a trigger that does not refuse every change is told, until it does again: %s', async (harm, mend, table) => {
  await chains.asSuperuser([harm])
  expect(await look()).toMatchObject([{ kind: 'TRIGGER', table, message: expect.stringContaining('append_only') }])
  await chains.asSuperuser([mend])
  expect(await look()).toEqual([])
})

test('a trigger that always fires refuses too', async () => {
  await chains.asSuperuser([`alter table ${entry} enable always trigger append_only`])
  expect(await look()).toEqual([])
  await chains.asSuperuser([`alter table ${entry} enable trigger append_only`])
})

test('a function that refuses nothing any more is told of both tables', async () => {
  await chains.asSuperuser([refuse('return null;')])
  expect(await look()).toMatchObject([
    { kind: 'TRIGGER', table: anchor },
    { kind: 'TRIGGER', table: entry },
  ])
  await chains.asSuperuser([refuse(whole)])
  expect(await look()).toEqual([])
})

test.each([
  [`update, delete on ${entry} %s passerelle_app`, entry, 'DELETE to passerelle_app, UPDATE to passerelle_app'],
  [`truncate on ${anchor} %s public`, anchor, 'TRUNCATE to everybody'],
  [`update (action) on ${entry} %s passerelle_app`, entry, 'UPDATE to passerelle_app'],
  [`delete on ${head} %s passerelle_app`, head, 'DELETE to passerelle_app'],
])('a right that nobody is given is told with who has it: %s', async (rights, table, told) => {
  await chains.asSuperuser([`grant ${rights.replace('%s', 'to')}`])
  expect(await look()).toMatchObject([{ kind: 'PRIVILEGE', table, message: expect.stringContaining(told) }])
  await chains.asSuperuser([`revoke ${rights.replace('%s', 'from')}`])
  expect(await look()).toEqual([])
})

test.each([
  [`alter table ${entry} disable row level security`, `alter table ${entry} enable row level security`, entry],
  [`alter table ${head} no force row level security`, `alter table ${head} force row level security`, head],
  [`create policy open on ${anchor} using (true)`, `drop policy open on ${anchor}`, anchor],
])('row security that does not bind everybody is told: %s', async (harm, mend, table) => {
  await chains.asSuperuser([harm])
  expect(await look()).toMatchObject([{ kind: 'ROW_SECURITY', table }])
  await chains.asSuperuser([mend])
  expect(await look()).toEqual([])
})

test('who asks as the owner of the tables is told that nothing keeps them', async () => {
  const sql = openSql(chains.database.owner, { max: 1 })
  const faults = await findGuardFaults(sql)
  await sql.close()
  expect(faults.map(({ kind, table }) => [kind, table])).toEqual([
    ['OWNER', anchor],
    ['OWNER', entry],
    ['OWNER', head],
  ])
})
