import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createSourceEventStream, execute, parse, validate, type ExecutionArgs, type ExecutionResult } from 'graphql'
import { openFolderBlobs } from '../blobs/folder.ts'
import { openSqliteCoordination } from '../coordination/sqlite.ts'
import { openFacts } from '../facts/facts.ts'
import { openGrafeo } from '../graph/grafeo.ts'
import { openTokenKeys } from '../identity/tokens.ts'
import { newId } from '../ids/ids.ts'
import { openJobs, type Queue } from '../jobs/jobs.ts'
import { createLog, type Log } from '../log/log.ts'
import { openTableMail } from '../mail/table.ts'
import { openModels } from '../models/router.ts'
import { openSandbox } from '../sandbox/sandbox.ts'
import { EngineUnavailable } from '../schema/refusals.ts'
import { scopesOf } from '../schema/scopes.ts'
import type { Role, Viewer } from '../schema/viewer.ts'
import type { MigrationSet } from '../sql/migrate.ts'
import type { Sql } from '../sql/sql.ts'
import { createTestDatabase, type TestDatabase } from '../sql/testing.ts'
import { openEmbeddedVectors } from '../vectors/embedded.ts'
import type { Platform, RequestInfo, Subgraph } from './subgraph.ts'

export interface TestPlatform extends Platform {
  database: TestDatabase
  close(): Promise<void>
}

/**
 * Real engines for one test file: a database of its own, the log, the jobs when `queues` are given, and the embedded engines in a folder that is
 * removed on close. No model server is configured. `engines` replaces some of them, for instance with `engineAway('graph')`.
 */
export async function openTestPlatform(
  options: { sets?: readonly MigrationSet[]; queues?: readonly Queue<object>[]; engines?: Partial<Platform> } = {},
): Promise<TestPlatform> {
  const { sets = [], queues = [], engines = {} } = options
  const folder = await mkdtemp(join(tmpdir(), 'passerelle-platform-'))
  const log = createLog({ name: 'test', level: 'silent' })
  const database = await createTestDatabase(sets, queues)
  const facts = await openFacts(database.sql, log)
  const jobs = queues.length > 0 ? await openJobs(database.app, log) : null
  const embedded = await openEmbedded({ sql: database.sql, folder, log })
  return {
    ...embedded,
    sql: database.sql,
    facts,
    jobs: jobs ?? engineAway('jobs'),
    keys: openTokenKeys({ tokenKey: new Uint8Array(32).fill(1), fileKey: new Uint8Array(32).fill(2) }),
    log,
    readGraph: () => Promise.reject(new EngineUnavailable('graph')),
    ...engines,
    database,
    async close() {
      await jobs?.close()
      await facts.close()
      for (const engine of Object.values(embedded).reverse()) await engine.close()
      await database.drop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** In the order in which they stand on each other. */
async function openEmbedded({ sql, folder, log }: { sql: Sql; folder: string; log: Log }) {
  const coordination = await openSqliteCoordination({ folder, log })
  return {
    coordination,
    models: await openModels({ coordination, capacityMiB: 12_000, onCall: () => {}, log }),
    graph: await openGrafeo({ path: join(folder, 'graph.db'), log }),
    vectors: await openEmbeddedVectors({ sql, folder: join(folder, 'vectors'), log }),
    blobs: await openFolderBlobs({ folder: join(folder, 'blobs') }),
    mail: openTableMail({ sql }),
    sandbox: openSandbox({ size: 1 }),
  }
}

/** An engine that does not answer: every verb rejects with EngineUnavailable. */
export function engineAway<Engine extends object>(name: string): Engine {
  return new Proxy({} as Engine, { get: () => () => Promise.reject(new EngineUnavailable(name)) })
}

/** Somebody of a new organisation, or of the given one. */
export function createTestViewer({
  organizationId = newId('org'),
  roles = ['OWNER'],
}: { organizationId?: string; roles?: Role[] } = {}): Viewer {
  return { organizationId, userId: newId('usr'), sessionId: newId('ses'), roles, scopes: scopesOf(roles) }
}

export interface TestClient {
  /** Validated and executed in a context of its own, answered as plain JSON; faults of the test's own document are thrown. */
  ask<Data = Record<string, unknown>>(
    viewer: Viewer | null,
    text: string,
    variables?: Record<string, unknown>,
  ): Promise<TestAnswer<Data>>
  /** The data of an answer without errors; the first error is thrown. */
  data<Data = Record<string, unknown>>(
    viewer: Viewer | null,
    text: string,
    variables?: Record<string, unknown>,
  ): Promise<Data>
  /** Every event in a context of its own, as the gateway does; a refused subscription throws its first error. */
  subscribe<Data = Record<string, unknown>>(
    viewer: Viewer | null,
    text: string,
    variables?: Record<string, unknown>,
  ): Promise<TestEvents<Data>>
}

export interface TestEvents<Data> {
  next(): Promise<TestAnswer<Data>>
  end(): Promise<void>
}

export interface TestAnswer<Data> {
  data: Data
  errors: { message: string; path?: (string | number)[]; extensions?: { code?: string } }[]
}

/** A client of one subgraph's schema, without a gateway between. */
export function createTestClient(platform: Platform, { schema, createContext }: Subgraph): TestClient {
  function prepare(viewer: Viewer | null, text: string, variableValues: Record<string, unknown>): () => ExecutionArgs {
    const document = parse(text)
    const [fault] = validate(schema, document)
    if (fault) throw fault
    const request = (): RequestInfo => ({
      viewer,
      requestId: newId('req'),
      signal: new AbortController().signal,
      log: platform.log,
    })
    return () => ({ schema, document, variableValues, contextValue: createContext(platform, request()) })
  }
  async function ask<Data>(
    viewer: Viewer | null,
    text: string,
    variables: Record<string, unknown> = {},
  ): Promise<TestAnswer<Data>> {
    return toAnswer(await execute(prepare(viewer, text, variables)()))
  }
  return {
    ask,
    async data<Data>(viewer: Viewer | null, text: string, variables?: Record<string, unknown>) {
      const { data, errors } = await ask<Data>(viewer, text, variables)
      if (errors[0]) throw new Error(`${errors[0].path?.join('.')}: ${errors[0].message}`)
      return data
    },
    async subscribe(viewer, text, variables = {}) {
      return openEvents(prepare(viewer, text, variables))
    },
  }
}

async function openEvents<Data>(args: () => ExecutionArgs): Promise<TestEvents<Data>> {
  const source = await createSourceEventStream(args())
  if (!(Symbol.asyncIterator in source))
    throw source.errors?.[0] ?? new Error('The subscription was refused without a word.')
  const events = source[Symbol.asyncIterator]()
  return {
    async next() {
      const { value, done } = await events.next()
      if (done) throw new Error('The subscription has ended.')
      return toAnswer(await execute({ ...args(), rootValue: value }))
    },
    async end() {
      await events.return?.()
    },
  }
}

function toAnswer<Data>(result: ExecutionResult): TestAnswer<Data> {
  return JSON.parse(JSON.stringify({ data: result.data ?? null, errors: result.errors ?? [] }))
}
