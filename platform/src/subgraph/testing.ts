import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll } from 'vitest'
import { collectKinds, type ApprovalKind } from '../approvals/approvals.ts'
import { openFolderBlobs } from '../blobs/folder.ts'
import { openSqliteCoordination } from '../coordination/sqlite.ts'
import { openFacts } from '../facts/facts.ts'
import { openTokenKeys } from '../identity/tokens.ts'
import { newId } from '../ids/ids.ts'
import { openJobs, type Queue } from '../jobs/jobs.ts'
import { createLog, type Log } from '../log/log.ts'
import { openTableMail } from '../mail/table.ts'
import { openModels } from '../models/router.ts'
import { openOutgoing } from '../outgoing/outgoing.ts'
import { openSandbox } from '../sandbox/sandbox.ts'
import { openErasureLedger } from '../privacy/ledger.ts'
import { EngineUnavailable } from '../schema/refusals.ts'
import { scopesOf } from '../schema/scopes.ts'
import type { Sealing } from '../sealing/sealing.ts'
import { openTestSealing } from '../sealing/testing.ts'
import { clientViewer, type Role, type Viewer } from '../schema/viewer.ts'
import type { MigrationSet } from '../sql/migrate.ts'
import type { Sql } from '../sql/sql.ts'
import { createTestDatabase, type TestDatabase } from '../sql/testing.ts'
import type { Platform, Subgraph, Work } from './subgraph.ts'
import { createTestClient, type TestClient } from './testing.client.ts'
import { openTestGraph, openTestVectors } from './testing.engines.ts'

export { createTestClient, type TestClient } from './testing.client.ts'

export interface TestPlatform extends Platform {
  database: TestDatabase
  close(): Promise<void>
}

/**
 * Real engines for one test file: a database of its own, the log, the jobs when `queues` are given, and the embedded engines in a folder that is
 * removed on close, or those that this run names (tools/test-engines.ts). No model server is configured. `engines` replaces some of them, for instance with `engineAway('graph')`.
 */
export async function openTestPlatform(
  options: {
    sets?: readonly MigrationSet[]
    queues?: readonly Queue<object>[]
    approvalKinds?: readonly ApprovalKind[]
    engines?: Partial<Platform>
  } = {},
): Promise<TestPlatform> {
  const { sets = [], queues = [], approvalKinds = [], engines = {} } = options
  const folder = await mkdtemp(join(tmpdir(), 'passerelle-platform-'))
  const log = createLog({ name: 'test', level: 'silent' })
  const database = await createTestDatabase(sets, queues)
  const facts = await openFacts(database.sql, log)
  const jobs = queues.length > 0 ? await openJobs({ connection: database.app, sql: database.sql, log }) : null
  const sealing = openTestSealing(database.sql)
  const embedded = await openEmbedded({ sql: database.sql, sealing, folder, log })
  return {
    ...embedded,
    sql: database.sql,
    facts,
    jobs: jobs ?? engineAway('jobs'),
    sealing,
    keys: openTokenKeys({ tokenKey: new Uint8Array(32).fill(1), fileKey: new Uint8Array(32).fill(2) }),
    log,
    outgoing: openOutgoing(),
    approvalKinds: collectKinds([{ approvalKinds }]),
    readGraph: () => Promise.reject(new EngineUnavailable('graph')),
    personalData: new Map(),
    sealedTables: [],
    erasures: openErasureLedger({ file: join(folder, 'erasures.jsonl'), sealing }),
    levels: [],
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
async function openEmbedded({ sql, sealing, folder, log }: { sql: Sql; sealing: Sealing; folder: string; log: Log }) {
  const coordination = await openSqliteCoordination({ folder, log })
  return {
    coordination,
    models: await openModels({ coordination, capacityMiB: 12_000, onCall: () => {}, log }),
    graph: await openTestGraph({ folder, log }),
    vectors: await openTestVectors({ sql, folder, log }),
    blobs: await openFolderBlobs({ folder: join(folder, 'blobs') }),
    mail: openTableMail({ sql, sealing }),
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
  return {
    organizationId,
    userId: newId('usr'),
    sessionId: newId('ses'),
    roles,
    scopes: scopesOf(roles),
    keyId: null,
    clientId: null,
  }
}

/** A client of an organisation who asks themselves, by a link: a new one, or the given one. */
export function createTestClientViewer({
  organizationId = newId('org'),
  clientId = newId('cli'),
}: { organizationId?: string; clientId?: string } = {}): Viewer & { clientId: string } {
  return clientViewer({ organizationId, clientId, sessionId: newId('clk') })
}

/** A subgraph on real engines. */
export interface TestSubgraph {
  readonly platform: TestPlatform
  readonly client: TestClient
}

/** Opens a subgraph before the first test of a file, with its jobs and consumers at work, and closes it after the last. */
export function useSubgraph(subgraph: Subgraph): TestSubgraph {
  let open: TestSubgraph | undefined
  let work: Work | undefined
  const requireOpen = (): TestSubgraph => {
    if (!open) throw new Error('The subgraph is open while tests run.')
    return open
  }
  beforeAll(async () => {
    const platform = await openTestPlatform({ ...subgraph, sets: [subgraph.migrations] })
    work = await subgraph.work?.(platform)
    open = { platform, client: createTestClient(platform, subgraph) }
  })
  afterAll(async () => {
    await work?.stop()
    await open?.platform.close()
  })
  return {
    get platform() {
      return requireOpen().platform
    },
    get client() {
      return requireOpen().client
    },
  }
}
