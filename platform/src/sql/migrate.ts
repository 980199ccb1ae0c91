import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { appRole, createAppRole } from './roles.ts'
import type { SqlConnection } from './sql.ts'

const oldestMajor = 15

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
 * that changed after it was applied is refused by name: migrations are append-only. Answers the names it applied. `only` stops short of the others: at the
 * state that an earlier version had.
 */
export async function migrate(
  owner: SqlConnection,
  sets: readonly MigrationSet[],
  { only }: { only?: ReadonlySet<string> } = {},
): Promise<string[]> {
  await createAppRole(owner, { user: appRole })
  const [client, turn] = [new pg.Client(owner), new pg.Client(owner)]
  try {
    await Promise.all([client.connect(), turn.connect()])
    await requireServer(client)
    await takeTurn(turn)
    await client.query(bootstrap)
    const applied: string[] = []
    for (const set of [platformMigrations, ...sets]) applied.push(...(await applySet(client, set, only)))
    return applied
  } finally {
    await Promise.all([client.end(), turn.end()])
  }
}

async function requireServer(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ version: string; major: number; encoding: string }>(
    `select current_setting('server_version') as version, current_setting('server_version_num')::int / 10000 as major, current_setting('server_encoding') as encoding`,
  )
  const [server] = rows
  if (!server || server.major < oldestMajor)
    throw new Error(`PostgreSQL ${server?.version} is too old: ${oldestMajor} or newer is needed.`)
  if (server.encoding !== 'UTF8')
    throw new Error(`The database is encoded in ${server.encoding}: it must be made with encoding UTF8.`)
}

/** Held by a transaction of its own to the end: a session's lock would be lost in a pooler. */
async function takeTurn(client: pg.Client): Promise<void> {
  await client.query('begin')
  await client.query('set local idle_in_transaction_session_timeout = 0')
  await client.query('set local statement_timeout = 0')
  await client.query(`select pg_advisory_xact_lock(hashtext('passerelle.migrate'))`)
}

const bootstrap = `
create schema if not exists platform;
create table if not exists platform.migration (
  name text primary key,
  hash text not null,
  applied_at timestamptz not null default now()
);`

/** What the plain role may do by default; a table that allows less revokes it in its own migration. */
async function applySet(
  client: pg.Client,
  { name, folder }: MigrationSet,
  only: ReadonlySet<string> | undefined,
): Promise<string[]> {
  await client.query(`create schema if not exists ${name};
    grant usage on schema ${name} to passerelle_app;
    alter default privileges in schema ${name} grant select, insert, update, delete on tables to passerelle_app;
    alter default privileges in schema ${name} grant usage on sequences to passerelle_app;
    alter default privileges in schema ${name} revoke execute on functions from public;`)
  const files = (await readdir(fileURLToPath(folder))).filter((file) => file.endsWith('.sql')).sort()
  const applied: string[] = []
  for (const file of files) {
    if (only && !only.has(`${name}/${file}`)) continue
    if (await applyFile(client, `${name}/${file}`, await readFile(new URL(file, folder), 'utf8')))
      applied.push(`${name}/${file}`)
  }
  return applied
}

/** Every migration of this version, with what its text is told by. */
export async function listKnownMigrations(sets: readonly MigrationSet[]): Promise<{ name: string; hash: string }[]> {
  const known = [platformMigrations, ...sets].map(async ({ name, folder }) => {
    const files = (await readdir(fileURLToPath(folder))).filter((file) => file.endsWith('.sql')).sort()
    return Promise.all(
      files.map(async (file) => ({
        name: `${name}/${file}`,
        hash: hashOf(await readFile(new URL(file, folder), 'utf8')),
      })),
    )
  })
  return (await Promise.all(known)).flat()
}

function hashOf(sql: string): string {
  return createHash('sha256').update(sql).digest('hex')
}

async function applyFile(client: pg.Client, name: string, sql: string): Promise<boolean> {
  const hash = hashOf(sql)
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
