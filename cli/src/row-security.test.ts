import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '@passerelle/platform/sql/testing'
import { subgraphs } from './subgraphs.ts'

let database: TestDatabase
let owner: pg.Client

beforeAll(async () => {
  database = await createTestDatabase(
    subgraphs.map(({ migrations }) => migrations),
    subgraphs.flatMap(({ queues }) => queues),
  )
  owner = new pg.Client(database.owner)
  await owner.connect()
})

afterAll(async () => {
  await owner.end()
  await database.drop()
})

async function names(query: string): Promise<string[]> {
  const { rows } = await owner.query<{ name: string }>(query)
  return rows.map(({ name }) => name)
}

const rooms = `('platform', ${subgraphs.map(({ name }) => `'${name}'`).join(', ')})`

test('every table of every room has row security that binds its owner too, and a policy', async () => {
  const open = await names(`
    select n.nspname || '.' || c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname in ${rooms} and c.relkind in ('r', 'p')
      and not (c.relrowsecurity and c.relforcerowsecurity and exists (select from pg_policy where polrelid = c.oid))`)
  expect(open).toEqual([])
  const tables =
    await names(`select n.nspname || '.' || c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname in ${rooms} and c.relkind in ('r', 'p')`)
  expect(tables.length).toBeGreaterThan(20)
})

test('every table carries its organisation, but for those that say why not', async () => {
  const without = await names(`
    select n.nspname || '.' || c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname in ${rooms} and c.relkind in ('r', 'p')
      and not exists (select from pg_attribute where attrelid = c.oid and attname = 'organization_id') order by 1`)
  expect(without).toEqual([
    'platform.migration', // of the installation
    'tenancy.organization', // is one
    'tenancy.person', // may belong to several; seen by their members only
  ])
})

test('outside an organisation the plain role sees no row of any table', async () => {
  const app = new pg.Client(database.app)
  await app.connect()
  try {
    const tables =
      await names(`select format('%I.%I', n.nspname, c.relname) as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where n.nspname in ${rooms} and c.relkind in ('r', 'p') and n.nspname || '.' || c.relname <> 'platform.migration'`)
    for (const table of tables) {
      const { rows } = await app.query<{ count: number }>(`select count(*)::int as count from ${table}`)
      expect([table, rows[0]?.count]).toEqual([table, 0])
    }
  } finally {
    await app.end()
  }
})

test('where a client of an organisation asks, every table is closed but for those that say what is theirs, and those that no resolver shows', async () => {
  const closed = await names(`select polrelid::regclass::text as name from pg_policy
    where polname = 'client' and not polpermissive and polcmd = '*' order by 1`)
  const isolated = await names(`
    select n.nspname || '.' || c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname in ${rooms} and c.relkind in ('r', 'p') and n.nspname || '.' || c.relname <> 'platform.migration' order by 1`)
  const others = isolated.filter((table) => !closed.includes(table))
  const shared = await names(`select polrelid::regclass::text as name from pg_policy
    where polname in ('client_reads', 'client_inserts', 'client_updates', 'client_deletes') and not polpermissive
    group by polrelid having count(*) = 4 order by 1`)
  expect(others.filter((table) => !shared.includes(table))).toEqual([
    'platform.audit_entry',
    'platform.audit_head',
    'platform.fact',
    'platform.fact_head',
  ])
  expect(shared).toEqual([
    'conciergerie.booking',
    'conciergerie.booking_guest',
    'conciergerie.client', // themselves
    'conciergerie.property',
    'conciergerie.service_request', // what they ask for, what came of it, and what is said of it
    'conciergerie.service_request_event',
    'conciergerie.service_request_message',
    'documents.client_share', // what is shared with them
    'documents.document', // the same
    'logistics.shipment',
    'logistics.shipment_event',
    'tenancy.member', // the place of their own account
    'tenancy.organization', // its name
    'tenancy.person', // their own account
    'tenancy.session', // their own
  ])
})

test('what runs with its owner’s rights is a handful, none of it open to everybody, each with a fixed search path', async () => {
  const { rows } = await owner.query<{ name: string; open: boolean; path: string[] | null }>(`
    select n.nspname || '.' || p.proname as name, has_function_privilege('public', p.oid, 'execute') as open, p.proconfig as path
    from pg_proc p join pg_namespace n on n.oid = p.pronamespace where n.nspname in ${rooms} and p.prosecdef order by 1`)
  expect(rows.filter(({ open, path }) => open || !path?.some((setting) => setting.startsWith('search_path=')))).toEqual(
    [],
  )
  expect(rows.map(({ name }) => name)).toEqual([
    'ai.organizations_with_jobs_before',
    'conciergerie.properties_of_stays',
    'documents.embedding_models',
    'documents.organizations_with_abandoned_uploads',
    'documents.organizations_with_forgotten_arrivals',
    'documents.organizations_without_embeddings',
    'documents.organizations_without_transcripts',
    'platform.audit_anchors_due',
    'platform.audit_chains',
    'platform.audit_heads',
    'platform.fact_heads',
    'platform.master_keys',
    'platform.organizations_with_due_approvals',
    'platform.organizations_with_unsealed',
    'tenancy.due_privacy_requests',
    'tenancy.end_access',
    'tenancy.end_own_session',
    'tenancy.erase_jobs',
    'tenancy.erase_people',
    'tenancy.erase_rows',
    'tenancy.find_api_key',
    'tenancy.find_client_link',
    'tenancy.find_invitation',
    'tenancy.find_login',
    'tenancy.find_password_reset',
    'tenancy.find_refresh_token',
    'tenancy.list_plans',
    'tenancy.organization_ids',
    'tenancy.organizations_with_retention',
    'tenancy.own_places',
    'tenancy.own_sessions',
    'tenancy.seal_address',
    'tenancy.shared_people',
    'tenancy.tables_of_organizations',
    'tenancy.unsealed_addresses',
  ])
})

test('the plain role is plain: it owns nothing, bypasses nothing and creates nothing', async () => {
  const { rows } = await owner.query(
    `select rolsuper, rolbypassrls, rolcreatedb, rolcreaterole from pg_roles where rolname = 'passerelle_app'`,
  )
  expect(rows).toEqual([{ rolsuper: false, rolbypassrls: false, rolcreatedb: false, rolcreaterole: false }])
  expect(await names(`select relname as name from pg_class where relowner = 'passerelle_app'::regrole`)).toEqual([])
})
