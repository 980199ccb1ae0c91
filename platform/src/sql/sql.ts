import { CompiledQuery, Kysely, PostgresDialect, type PostgresPool, type Transaction } from 'kysely'
import pg from 'pg'
import { EngineUnavailable, InvalidInput } from '../schema/refusals.ts'
import { noticeDeath } from './keep-alive.ts'
import { openListener, type Listener } from './listen.ts'
import { sayGoodbye, watchSilence } from './silence.ts'
import { finishUnit, startUnit } from './unit.ts'

/**
 * PostgreSQL, the truth of the house. The application logs in as a plain role that row security binds: a query outside
 * `withOrganization` sees no organisation's rows, a query inside sees one organisation's.
 *
 * Promises: `withOrganization` is one transaction; what it publishes and enqueues commits with its rows or not at all; it is never retried
 * by the port. A server that does not answer throws EngineUnavailable('sql'); a text with U+0000, which it cannot hold, InvalidInput.
 */
export interface Sql {
  /** With `snapshot` all statements see what had been committed when it began, and none writes. */
  withOrganization<T>(
    scope: OrganizationScope,
    work: (tx: Tx) => Promise<T>,
    options?: { snapshot: boolean },
  ): Promise<T>
  /** One statement before an organisation is known: for SECURITY DEFINER functions. It sees no organisation's rows. */
  query<Row>(text: string, parameters?: readonly unknown[]): Promise<Row[]>
  listen: Listener['listen']
  health(): Promise<void>
  close(): Promise<void>
}

/** A transaction inside one organisation. A store narrows it to its own tables with `withTables`. */
export type Tx = Transaction<object>

/** Whose transaction it is. A viewer is one: what it tells of who asks stands in the audit log. */
export interface OrganizationScope {
  organizationId: string
  userId?: string | null
  sessionId?: string | null
  keyId?: string | null
  /** Whose rows alone are seen, where a client of the organisation asks. */
  clientId?: string | null
}

export type SqlConnection = pg.PoolConfig

export interface SqlOptions {
  /** Where NOTIFY is heard, when `connection` is a pooler's, which cannot listen. */
  listen?: SqlConnection | undefined
  /** Bounds the connections; a waiter is refused after ten seconds rather than queued for ever. */
  max?: number
  /** A statement that runs, or a transaction that waits for its caller, longer than this is ended by the server, in milliseconds. */
  patienceMs?: number
}

/** int8 columns are counts and positions that stay below 2^53; numeric stays text. */
pg.types.setTypeParser(pg.types.builtins.INT8, Number)
/** A day is no moment: it stays `2026-11-20`, wherever the process runs. */
pg.types.setTypeParser(pg.types.builtins.DATE, String)

/** Nothing that the application asks takes as long; what does is stuck, and holds locks that others wait for. */
const longestMs = 60_000

/** How long a server that is there and does not answer a statement is waited for beyond what it was given to answer in. */
const silenceMs = 5_000

/**
 * Opens a pool as the plain role. Nothing is set on a session, only in transactions, and no statement is named: a pooler in transaction mode may
 * stand between. A server that is away, or has gone without a word, is found again by the next that asks.
 */
export function openSql(
  connection: SqlConnection,
  { listen = connection, max = 16, patienceMs = longestMs }: SqlOptions = {},
): Sql {
  const pool = new pg.Pool({
    connectionTimeoutMillis: 10_000,
    idleTimeoutMillis: 30_000,
    query_timeout: patienceMs + silenceMs,
    ...noticeDeath,
    ...connection,
    max,
  })
  // A connection that breaks while nobody uses it is replaced by the pool; one that breaks between two statements fails the next one.
  // Unheard, either would end the process.
  pool.on('error', () => {})
  pool.on('connect', (client) => client.on('error', () => {}))
  const watch = watchSilence(pool, connection)
  const db = new Kysely<object>({ dialect: new PostgresDialect({ pool: asEngine(pool) }) })
  const listener = openListener(listen)
  const asNobody = { organizationId: '' }
  const query = <Row>(text: string, parameters: readonly unknown[]): Promise<Row[]> =>
    guarded(() => transact(db, { scope: asNobody, patienceMs }, (tx) => rowsOf<Row>(tx, text, parameters)))
  return {
    query: (text, parameters = []) => query(text, parameters),
    listen: listener.listen,
    withOrganization: (scope, work, { snapshot } = { snapshot: false }) =>
      guarded(() => transact(db, { scope, patienceMs, snapshot }, (tx) => runUnit(tx, scope, work))),
    async health() {
      await query('select 1', [])
    },
    async close() {
      await sayGoodbye(async () => {
        await listener.close()
        await db.destroy()
      })
      watch.close()
    },
  }
}

/** Whoever cannot get a connection has no engine, whatever the reason: refused, unknown, a wrong password, a certificate that does not hold. */
function asEngine(pool: pg.Pool): PostgresPool {
  return {
    options: pool.options,
    connect: () =>
      pool.connect().catch((error: unknown) => {
        throw new EngineUnavailable('sql', error)
      }),
    end: () => pool.end(),
  }
}

/** The rows of a statement that is clearer as SQL than as a built query. */
export async function rowsOf<Row>(on: Kysely<object>, text: string, parameters: readonly unknown[]): Promise<Row[]> {
  const { rows } = await on.executeQuery<Row>(CompiledQuery.raw(text, [...parameters]))
  return rows
}

/**
 * One transaction inside the scope. Whose it is and how long it may take holds to its end and not longer: behind a pooler the next one on this
 * connection is somebody else's.
 */
function transact<T>(
  db: Kysely<object>,
  { scope, patienceMs, snapshot }: { scope: OrganizationScope; patienceMs: number; snapshot?: boolean },
  work: (tx: Tx) => Promise<T>,
): Promise<T> {
  const transaction = db.transaction()
  const begun = snapshot ? transaction.setIsolationLevel('repeatable read').setAccessMode('read only') : transaction
  return begun.execute(async (tx) => {
    await rowsOf(
      tx,
      `select set_config('passerelle.organization', $1, true), set_config('passerelle.user', $2, true),
        set_config('passerelle.client', $3, true),
        set_config('statement_timeout', $4, true), set_config('idle_in_transaction_session_timeout', $4, true)`,
      [scope.organizationId, scope.userId ?? '', scope.clientId ?? '', String(patienceMs)],
    )
    return work(tx)
  })
}

async function runUnit<T>(tx: Tx, scope: OrganizationScope, work: (tx: Tx) => Promise<T>): Promise<T> {
  const unit = startUnit(tx, scope)
  const result = await work(tx)
  await finishUnit(tx, unit)
  return result
}

/**
 * What PostgreSQL says when it cannot serve, by class: connections (08, of which P01 is a fault of ours), resources such as a full disk (53),
 * somebody's intervention (57P), its system (58). 25006 is a server that only reads, such as a standby that has not taken over yet.
 */
const outage =
  /^(08(?!P01)\w{3}|53\w{3}|57P\w{2}|58\w{3}|25006|ECONN\w+|ENOENT|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN)$/

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

/** What is still at work when the house closes finds the port closed: that is no fault of whoever asks. */
const closed = /driver has already been destroyed|Cannot use a pool after calling end/

function isOutage(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  // What is fatal ends the connection: the server, or a pooler before it, does not go on with us.
  if ('severity' in error && /^(FATAL|PANIC)$/.test(String(error.severity))) return true
  const code = 'code' in error ? String(error.code) : ''
  if (closed.test(error.message)) return true
  return outage.test(code) || /Connection terminated|not queryable|Query read timeout/.test(error.message)
}
