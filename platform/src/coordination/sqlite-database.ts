import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { EngineUnavailable } from '../schema/refusals.ts'

export interface Database {
  /** Prepares once per text. */
  sql(text: string): StatementSync
  /** Runs `work`, which must not await, in one write transaction. Engine errors become EngineUnavailable('coordination'). */
  write<T>(work: () => T): T
  /** Runs `work`, with engine errors as in `write`. */
  read<T>(work: () => T): T
  close(): void
}

/** Raised with every change of the tables: an older file is thrown away, for nothing in it is worth a migration. */
const VERSION = 2

const TABLES = `
  create table value (organization_id text, key text, value text not null, expires_at real not null, primary key (organization_id, key)) without rowid;
  create table list (organization_id text, key text, expires_at real not null, primary key (organization_id, key)) without rowid;
  create table list_entry (id integer primary key autoincrement, organization_id text not null, key text not null, value text not null, size real not null);
  create index list_entry_of_list on list_entry (organization_id, key, id);
  create table taken (organization_id text, key text, at real, cost real not null, expires_at real not null, primary key (organization_id, key, at)) without rowid;
  create table holder (id text primary key, pid integer not null, since real not null) without rowid;
  create table token (semaphore text primary key, newest integer not null) without rowid;
  create table waiter (id text primary key, position integer not null, semaphore text not null, organization_id text not null, user_id text, task text not null,
    model text not null, weight integer not null, priority text not null, queued_at real not null, token integer not null, holder text not null, expires_at real not null) without rowid;
  create index waiter_of_semaphore on waiter (semaphore, position);
  create index waiter_weight on waiter (semaphore, weight);
  create table lease (id text primary key, semaphore text not null, organization_id text not null, user_id text, task text not null, model text not null,
    weight integer not null, since real not null, token integer not null, holder text not null, expires_at real not null) without rowid;
  create table cancelled (id text primary key, semaphore text not null, expires_at real not null) without rowid;
  create table turn (semaphore text, organization_id text, priority text, at real not null, primary key (semaphore, organization_id, priority)) without rowid;
  pragma user_version = ${VERSION};
`

/**
 * Opens `<folder>/coordination.sqlite`, in WAL mode. A file that cannot be read, or of another version, is replaced by an empty one: what
 * it holds is short-lived by promise.
 */
export function openDatabase(folder: string): Database {
  const path = join(folder, 'coordination.sqlite')
  const connection = asEngine(() => {
    mkdirSync(folder, { recursive: true })
    return connect(path) ?? replace(path)
  })
  const statements = new Map<string, StatementSync>()
  const sql = (text: string): StatementSync => {
    const known = statements.get(text)
    if (known) return known
    const statement = connection.prepare(text)
    statements.set(text, statement)
    return statement
  }
  return {
    sql,
    read: asEngine,
    write: (work) =>
      asEngine(() => {
        sql('begin immediate').run()
        try {
          const result = work()
          sql('commit').run()
          return result
        } catch (error) {
          if (connection.isTransaction) sql('rollback').run()
          throw error
        }
      }),
    close: () => {
      if (connection.isOpen) connection.close()
    },
  }
}

/** null when the file is not ours to read: damaged, or of another version. */
function connect(path: string): DatabaseSync | null {
  const connection = new DatabaseSync(path, { timeout: 2000 })
  try {
    connection.exec('pragma journal_mode = wal; pragma synchronous = normal; pragma secure_delete = on;')
    connection.exec('begin immediate')
    const { user_version: version } = connection.prepare('pragma user_version').get() ?? {}
    if (version === 0) connection.exec(TABLES)
    connection.exec('commit')
    if (version === 0 || version === VERSION) return connection
  } catch (error) {
    connection.close()
    if (isDamage(error)) return null
    throw error
  }
  connection.close()
  return null
}

function replace(path: string): DatabaseSync {
  for (const suffix of ['', '-wal', '-shm']) rmSync(`${path}${suffix}`, { force: true })
  const connection = connect(path)
  if (!connection) throw new Error(`${path} cannot be written as a database.`)
  return connection
}

/** SQLITE_CORRUPT, SQLITE_NOTADB, or an unversioned file with tables of its own. */
function isDamage(error: unknown): boolean {
  if (!(error instanceof Error) || !('errcode' in error)) return false
  return error.errcode === 11 || error.errcode === 26 || /already exists/.test(error.message)
}

function asEngine<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    const isEngine =
      error instanceof Error &&
      ('errcode' in error || 'syscall' in error || ('code' in error && error.code === 'ERR_INVALID_STATE'))
    throw isEngine ? new EngineUnavailable('coordination', error) : error
  }
}
