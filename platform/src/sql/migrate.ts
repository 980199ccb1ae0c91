import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import type { SqlConnection } from './sql.ts'

/** Numbered SQL files of one room, applied in order, once each, into the PostgreSQL schema of that name. */
export interface MigrationSet {
  name: string
  folder: URL
}

/** The platform's own migrations come first: every room's tables stand on its functions. */
export const platformMigrations: MigrationSet = {
  name: 'platform',
  folder: new URL('../../migrations/', import.meta.url),
}

/**
 * Applies what is missing, as the owner, each file in a transaction of its own, under a lock so that two processes may try at once. A file
 * that changed after it was applied is refused by name: migrations are append-only. Answers the names it applied.
 */
export async function migrate(owner: SqlConnection, sets: readonly MigrationSet[]): Promise<string[]> {
  const client = new pg.Client(owner)
  await client.connect()
  try {
    await client.query(`select pg_advisory_lock(hashtext('passerelle.migrate'))`)
    await client.query(bootstrap)
    const applied: string[] = []
    for (const set of [platformMigrations, ...sets]) applied.push(...(await applySet(client, set)))
    return applied
  } finally {
    await client.end()
  }
}

/** What the plain role may do by default; a table that allows less revokes it in its own migration. */
const bootstrap = `
do $$ begin
  if not exists (select from pg_roles where rolname = 'passerelle_app') then
    create role passerelle_app login nosuperuser nobypassrls nocreatedb nocreaterole;
  end if;
exception when duplicate_object or unique_violation then null; -- another database of this server was migrated at the same moment
end $$;
create schema if not exists platform;
create table if not exists platform.migration (
  name text primary key,
  hash text not null,
  applied_at timestamptz not null default now()
);`

async function applySet(client: pg.Client, { name, folder }: MigrationSet): Promise<string[]> {
  await client.query(`create schema if not exists ${name};
    grant usage on schema ${name} to passerelle_app;
    alter default privileges in schema ${name} grant select, insert, update, delete on tables to passerelle_app;
    alter default privileges in schema ${name} grant usage on sequences to passerelle_app;
    alter default privileges in schema ${name} revoke execute on functions from public;`)
  const files = (await readdir(fileURLToPath(folder))).filter((file) => file.endsWith('.sql')).sort()
  const applied: string[] = []
  for (const file of files) {
    if (await applyFile(client, `${name}/${file}`, await readFile(new URL(file, folder), 'utf8')))
      applied.push(`${name}/${file}`)
  }
  return applied
}

async function applyFile(client: pg.Client, name: string, sql: string): Promise<boolean> {
  const hash = createHash('sha256').update(sql).digest('hex')
  const { rows } = await client.query<{ hash: string }>('select hash from platform.migration where name = $1', [name])
  const known = rows[0]
  if (known && known.hash !== hash)
    throw new Error(`Migration ${name} has changed since it was applied; add a new file instead of editing it.`)
  if (known) return false
  try {
    await client.query('begin')
    await client.query(sql)
    await client.query('insert into platform.migration (name, hash) values ($1, $2)', [name, hash])
    await client.query('commit')
  } catch (error) {
    await client.query('rollback')
    throw new Error(`Migration ${name} failed.`, { cause: error })
  }
  return true
}
