import neo4j, { type Driver, type ManagedTransaction, type Session } from 'neo4j-driver'
import { EngineUnavailable } from '../schema/refusals.ts'

export interface Neo4jTarget {
  /** bolt://, neo4j://, and each with +s or +ssc; may hold user:password, and as its path the database's name. */
  url: string
  /** Instead of the one in the address, so that it can come from a file. */
  password?: string | undefined
}

/** How long a call waits for an engine that accepts it and then says nothing, in milliseconds. */
export interface Patience {
  readMs: number
  writeMs: number
}

export interface Neo4jConnection {
  /**
   * Runs `work` in a managed transaction, again when the engine asks for that (a deadlock, a new leader). Throws EngineUnavailable when the engine
   * does not answer in time; what is wrong with a statement stays what it is.
   */
  transact<T>(mode: 'read' | 'write', work: (transaction: ManagedTransaction) => Promise<T>): Promise<T>
  /** The engine's own name and version, such as `Neo4j/5.26.0`. */
  describe(): Promise<string>
  close(): Promise<void>
}

/** The driver begins no further try when this long has passed: an engine that is away is told of within about three seconds. */
const retryMs = 2_000
const connectMs = 3_000
/** Connections that nobody used for this long are tried before they are used again. */
const idleMs = 20_000

/** What one driver holds; replaced whole when the engine behind it stops answering, or has forgotten what the bookmarks tell of. */
interface Link {
  driver: Driver
  open(mode: 'read' | 'write'): Session
}

/** A connection that outlives the engine's absences. Nothing is opened before the first call. */
export function connectNeo4j(target: Neo4jTarget, patience: Patience): Neo4jConnection {
  let link: Link | null = null
  let closed = false
  const current = (): Link => {
    if (closed) throw new EngineUnavailable('graph')
    return (link ??= createLink(target))
  }
  const drop = (broken: Link): void => {
    if (link !== broken) return
    link = null
    void broken.driver.close().catch(() => {})
  }
  return {
    async transact(mode, work) {
      const used = current()
      const limit = patience[`${mode}Ms`]
      const session = used.open(mode)
      const config = { timeout: limit }
      const running = mode === 'read' ? session.executeRead(work, config) : session.executeWrite(work, config)
      try {
        return await withinTime(running, limit + connectMs)
      } catch (error) {
        if (error instanceof Silence || isForgottenBookmark(error)) drop(used)
        throw isOutage(error) ? new EngineUnavailable('graph', error) : error
      } finally {
        void session.close().catch(() => {})
      }
    },
    async describe() {
      const used = current()
      try {
        const info = await withinTime(used.driver.getServerInfo(), connectMs)
        return info.agent ?? 'Neo4j'
      } catch (error) {
        if (error instanceof Silence) drop(used)
        throw new EngineUnavailable('graph', error)
      }
    },
    async close() {
      closed = true
      await link?.driver.close()
    },
  }
}

function createLink(target: Neo4jTarget): Link {
  const { address, auth, database } = readTarget(target)
  const driver = neo4j.driver(address, auth, {
    disableLosslessIntegers: true,
    maxTransactionRetryTime: retryMs,
    connectionTimeout: connectMs,
    connectionAcquisitionTimeout: 2 * connectMs,
    connectionLivenessCheckTimeout: idleMs,
    notificationFilter: { minimumSeverityLevel: 'OFF' },
    telemetryDisabled: true,
  })
  // Behind neo4j:// may be several machines: whoever reads sees at least what this process has written.
  const bookmarkManager = neo4j.bookmarkManager()
  return {
    driver,
    open: (mode) =>
      driver.session({
        defaultAccessMode: mode === 'read' ? neo4j.session.READ : neo4j.session.WRITE,
        bookmarkManager,
        ...(database ? { database } : {}),
      }),
  }
}

function readTarget({ url, password }: Neo4jTarget) {
  const { protocol, host, username, password: inUrl, pathname, search } = new URL(url)
  return {
    address: `${protocol}//${host}${search}`,
    auth: neo4j.auth.basic(decodeURIComponent(username) || 'neo4j', password ?? decodeURIComponent(inUrl)),
    database: decodeURIComponent(pathname.slice(1)),
  }
}

/** The engine took a call and did not answer it in time. */
class Silence extends Error {
  constructor(limit: number) {
    super(`Neo4j did not answer within ${limit} ms.`)
    this.name = 'Silence'
  }
}

function withinTime<T>(work: Promise<T>, limit: number): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>()
  const timer = setTimeout(() => reject(new Silence(limit)), limit)
  work.then(resolve, reject).finally(() => clearTimeout(timer))
  return promise
}

/** A faulty statement, and whatever did not come from the driver, is a bug; everything else is the engine's. */
function isOutage(error: unknown): boolean {
  if (error instanceof Silence) return true
  return error instanceof neo4j.Neo4jError && !/^Neo\.ClientError\.(Statement|Schema|Procedure)\./.test(error.code)
}

/** The engine was emptied, or restored from a backup, behind our back. */
function isForgottenBookmark(error: unknown): boolean {
  return error instanceof neo4j.Neo4jError && error.code.includes('Bookmark')
}
