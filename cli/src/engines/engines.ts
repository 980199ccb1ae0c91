import { join } from 'node:path'
import { collectKinds } from '@passerelle/platform/approvals'
import type { Coordination } from '@passerelle/platform/coordination'
import { openRedisCoordination } from '@passerelle/platform/coordination/redis'
import { openSqliteCoordination } from '@passerelle/platform/coordination/sqlite'
import { openFacts } from '@passerelle/platform/facts'
import { releaseHolds } from '@passerelle/platform/facts/cursors'
import type { Graph } from '@passerelle/platform/graph'
import { openGrafeo } from '@passerelle/platform/graph/grafeo'
import { openNeo4j } from '@passerelle/platform/graph/neo4j'
import { openJobs } from '@passerelle/platform/jobs'
import { reclaimJobs } from '@passerelle/platform/jobs/install'
import type { Log } from '@passerelle/platform/log'
import type { Mail } from '@passerelle/platform/mail'
import { openSmtpMail } from '@passerelle/platform/mail/delivery'
import { openSmtp } from '@passerelle/platform/mail/smtp'
import { openTableMail } from '@passerelle/platform/mail/table'
import { openModels } from '@passerelle/platform/models/router'
import { openOutgoing } from '@passerelle/platform/outgoing'
import { openErasureLedger } from '@passerelle/platform/privacy/ledger'
import { openSealing } from '@passerelle/platform/sealing'
import { openSandbox } from '@passerelle/platform/sandbox'
import { EngineUnavailable } from '@passerelle/platform/schema'
import { openSql } from '@passerelle/platform/sql'
import type { Platform } from '@passerelle/platform/subgraph'
import { gaugeOf, observed } from '@passerelle/platform/telemetry'
import type { Vectors } from '@passerelle/platform/vectors'
import { openEmbeddedVectors } from '@passerelle/platform/vectors/embedded'
import { openQdrantVectors } from '@passerelle/platform/vectors/qdrant'
import type { Database } from '../database/database.ts'
import { openBlobs } from './blobs.ts'
import type { Env } from '../env/env.ts'
import { erasuresFile } from '../erasures.ts'
import { sealAddresses } from '@passerelle/tenancy'
import { openMasterKey, requireMasterKey } from '../secrets/master-key.ts'
import { toModelsOptions } from '../models-options.ts'
import { followTokenKeys } from '../secrets/follow.ts'
import type { Secrets } from '../secrets/secrets.ts'
import type { Closers } from '../shutdown.ts'
import { subgraphs } from '../subgraphs.ts'

interface Opening {
  env: Env
  secrets: Secrets
  log: Log
  closers: Closers
  database: Database
}

/** Opens every port, on its embedded engine in the data folder or on the one that the settings name. */
export async function openEngines({
  env,
  secrets,
  log,
  closers,
  database,
}: Opening): Promise<Omit<Platform, 'readGraph' | 'levels' | 'personalData' | 'sealedTables'>> {
  const named = (name: string): Log => log.child({ name })
  const opened = <Engine extends { close(): Promise<void> }>(name: string, engine: Engine): Engine => {
    closers.add(name, () => engine.close())
    return engine
  }
  const timed = <Engine extends { close(): Promise<void> }>(name: string, engine: Engine): Engine =>
    observed(name, opened(name, engine))
  if (database.owner) {
    // This process is the only one at the embedded server, so what a killed one held is free again.
    await releaseHolds(database.owner)
    await reclaimJobs(database.owner)
  }
  // Each is closed before those above it: jobs wait for consumers of facts, and all of them for sql.
  const sql = timed('sql', openSql(database.app, { listen: database.listen }))
  const coordination = timed('coordination', await openCoordination({ env, log: named('coordination') }))
  const models = opened('models', await openModels(toModelsOptions({ env, coordination, sql, log: named('models') })))
  tellOfQueue(models.queue)
  const sealing = openSealing({ sql, master: await openMasterKey(env, sql) })
  await requireMasterKey(env, { sealing, log: named('sealing') })
  await sealAddresses({ sql, sealing }).catch((error: unknown) => {
    if (!(error instanceof EngineUnavailable)) throw error
  })
  const engines = {
    sql,
    sealing,
    erasures: openErasureLedger({ file: erasuresFile(env), sealing }),
    coordination,
    models,
    graph: timed('graph', await openGraph(env, named('graph'))),
    vectors: timed('vectors', await openVectors(env, { sql, log: named('vectors') })),
    blobs: timed('blobs', await openBlobs(env, named('blobs'))),
    sandbox: opened('sandbox', openSandbox({ limits: { tasks: 250 } })),
    facts: opened('facts', await openFacts(sql, named('facts'))),
    jobs: opened('jobs', await openJobs({ connection: database.app, sql, log: named('jobs') })),
    keys: followTokenKeys({ env, secrets, log: named('keys'), closers }),
    outgoing: openOutgoing({ allow: env.outgoingAllow }),
    approvalKinds: collectKinds(subgraphs),
    log,
  }
  return { ...engines, mail: timed('mail', openMail(env, { ...engines, log: named('mail') })) }
}

function openMail({ smtp }: Env, engines: Pick<Platform, 'sql' | 'sealing' | 'jobs' | 'log'>): Mail {
  return smtp ? openSmtpMail({ ...engines, smtp: openSmtp(smtp) }) : openTableMail(engines)
}

/** Figures of the one card that all organisations share. */
function tellOfQueue(queue: Platform['models']['queue']): void {
  const help = 'The queue before the models, by figure: capacity and used in MiB of video memory, waiting in calls.'
  gaugeOf({ name: 'passerelle_inference_queue', help, labels: ['figure'] }, async () => {
    const { capacity, used, waiting } = await queue.state()
    return Object.entries({ capacity, used, waiting }).map(([figure, value]) => ({ value, labels: { figure } }))
  })
}

function openGraph({ graph, dataFolder }: Env, log: Log): Promise<Graph> | Graph {
  return graph ? openNeo4j({ ...graph, log }) : openGrafeo({ path: join(dataFolder, 'graph', 'knowledge.grafeo'), log })
}

function openVectors(
  { vectors, dataFolder }: Env,
  { sql, log }: Pick<Platform, 'sql' | 'log'>,
): Promise<Vectors> | Vectors {
  return vectors
    ? openQdrantVectors({ ...vectors, log })
    : openEmbeddedVectors({ sql, folder: join(dataFolder, 'vectors'), log })
}

/** Short-lived state in the Redis that the environment names, or in a file of the data folder. */
export function openCoordination({
  env: { coordination, dataFolder },
  log,
}: Pick<Opening, 'env' | 'log'>): Promise<Coordination> {
  return coordination
    ? openRedisCoordination({ ...coordination, log })
    : openSqliteCoordination({ folder: join(dataFolder, 'coordination'), log })
}
