import { CompiledQuery, Kysely, PostgresDialect, type Transaction } from 'kysely'
import pg from 'pg'
import { EngineUnavailable, InvalidInput } from '../schema/refusals.ts'
import { openListener, type Listener } from './listen.ts'
import { finishUnit, startUnit } from './unit.ts'

/**
 * PostgreSQL, the truth of the house. The application logs in as a plain role that row security binds: a query outside
 * `withOrganization` sees no organisation's rows, a query inside sees one organisation's.
 *
 * Promises: `withOrganization` is one transaction; what it publishes and enqueues commits with its rows or not at all; it is never retried
 * by the port. A server that does not answer throws EngineUnavailable('sql'); a text with U+0000, which it cannot hold, InvalidInput.
 */
export interface Sql {
  withOrganization<T>(scope: OrganizationScope, work: (tx: Tx) => Promise<T>): Promise<T>
  /** One statement before an organisation is known: for SECURITY DEFINER functions. It sees no organisation's rows. */
  query<Row>(text: string, parameters?: readonly unknown[]): Promise<Row[]>
  listen: Listener['listen']
  health(): Promise<void>
  close(): Promise<void>
}

/** A transaction inside one organisation. A store narrows it to its own tables with `withTables`. */
export type Tx = Transaction<object>

export interface OrganizationScope {
  organizationId: string
  userId?: string | null
}

export type SqlConnection = pg.PoolConfig

/** int8 columns are counts and positions that stay below 2^53; numeric stays text. */
pg.types.setTypeParser(pg.types.builtins.INT8, Number)

/** Nothing that the application asks takes as long; what does is stuck, and holds locks that others wait for. */
const longestMs = 60_000

/**
 * Opens a pool as the plain role. `max` bounds the connections; a waiter is refused after ten seconds rather than queued for ever. A statement
 * that runs, or a transaction that waits for its caller, longer than `patienceMs` is ended by the server.
 */
export function openSql(
  connection: SqlConnection,
  { max = 16, patienceMs = longestMs }: { max?: number; patienceMs?: number } = {},
): Sql {
  const pool = new pg.Pool({
    connectionTimeoutMillis: 10_000,
    idleTimeoutMillis: 30_000,
    statement_timeout: patienceMs,
    idle_in_transaction_session_timeout: patienceMs,
    ...connection,
    max,
  })
  // A connection that breaks while nobody uses it is replaced by the pool; one that breaks between two statements fails the next one.
  // Unheard, either would end the process.
  pool.on('error', () => {})
  pool.on('connect', (client) => client.on('error', () => {}))
  const db = new Kysely<object>({ dialect: new PostgresDialect({ pool }) })
  const listener = openListener(connection)
  return {
    query: (text, parameters = []) => guarded(async () => rowsOf(db, text, parameters)),
    listen: listener.listen,
    withOrganization: (scope, work) => guarded(() => runUnit(db, scope, work)),
    async health() {
      await guarded(() => rowsOf(db, 'select 1', []))
    },
    async close() {
      await listener.close()
      await db.destroy()
    },
  }
}

/** The rows of a statement that is clearer as SQL than as a built query. */
export async function rowsOf<Row>(on: Kysely<object>, text: string, parameters: readonly unknown[]): Promise<Row[]> {
  const { rows } = await on.executeQuery<Row>(CompiledQuery.raw(text, [...parameters]))
  return rows
}

async function runUnit<T>(db: Kysely<object>, scope: OrganizationScope, work: (tx: Tx) => Promise<T>): Promise<T> {
  return db.transaction().execute(async (tx) => {
    await rowsOf(
      tx,
      `select set_config('passerelle.organization', $1, true), set_config('passerelle.user', $2, true)`,
      [scope.organizationId, scope.userId ?? ''],
    )
    const unit = startUnit(tx, scope)
    const result = await work(tx)
    await finishUnit(tx, unit)
    return result
  })
}

const outageCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOENT',
  'EPIPE',
  'ETIMEDOUT',
  '57P01',
  '57P02',
  '57P03',
  '53300',
  '08006',
  '08003',
  '08001',
])

async function guarded<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (isUnstorable(error)) throw new InvalidInput('No text may hold the character U+0000.')
    throw isOutage(error) ? new EngineUnavailable('sql', error) : error
  }
}

/** PostgreSQL has no U+0000, in text or in JSON. Only a client's text brings one: what we read from files is cleaned before. */
function isUnstorable(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === '22021' || error.code === '22P05')
}

function isOutage(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const code = 'code' in error ? String(error.code) : ''
  return (
    outageCodes.has(code) ||
    /timeout exceeded when trying to connect|Connection terminated|not queryable/.test(error.message)
  )
}
