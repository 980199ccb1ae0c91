import { join } from 'node:path'
import { openFolderBlobs } from '@passerelle/platform/blobs/folder'
import { openSqliteCoordination } from '@passerelle/platform/coordination/sqlite'
import { openFacts } from '@passerelle/platform/facts'
import { releaseHolds } from '@passerelle/platform/facts/cursors'
import { openGrafeo } from '@passerelle/platform/graph/grafeo'
import { openTokenKeys } from '@passerelle/platform/identity'
import { openJobs, reclaimJobs } from '@passerelle/platform/jobs'
import type { Log } from '@passerelle/platform/log'
import { openTableMail } from '@passerelle/platform/mail/table'
import { publishModelCall } from '@passerelle/platform/models/facts'
import { openModels } from '@passerelle/platform/models/router'
import { openSandbox } from '@passerelle/platform/sandbox'
import { openSql } from '@passerelle/platform/sql'
import type { Platform } from '@passerelle/platform/subgraph'
import { openEmbeddedVectors } from '@passerelle/platform/vectors/embedded'
import type { Database } from './database.ts'
import type { Env } from './env.ts'
import type { Secrets } from './secrets.ts'
import type { Closers } from './shutdown.ts'

/** Opens every port on its embedded engine, in the data folder. This process is the only one there, so what a killed one held is free again. */
export async function openEngines(options: {
  env: Env
  secrets: Secrets
  log: Log
  closers: Closers
  database: Database
}): Promise<Omit<Platform, 'readGraph'>> {
  const { env, secrets, log, closers, database } = options
  const folder = (name: string): string => join(env.dataFolder, name)
  const named = (name: string): Log => log.child({ name })
  const opened = <Engine extends { close(): Promise<void> }>(name: string, engine: Engine): Engine => {
    closers.add(name, () => engine.close())
    return engine
  }

  await releaseHolds(database.owner)
  await reclaimJobs(database.owner)
  const sql = opened('sql', openSql(database.app))
  const coordination = opened(
    'coordination',
    await openSqliteCoordination({ folder: folder('coordination'), log: named('coordination') }),
  )
  const models = opened(
    'models',
    await openModels({
      coordination,
      ollamaUrl: env.ollama?.url,
      chatModel: env.ollama?.chatModel,
      embeddingModel: env.ollama?.embeddingModel,
      capacityMiB: env.gpuMemoryMiB,
      onCall: (call) => publishModelCall(sql, call),
      log: named('models'),
    }),
  )
  const graph = opened(
    'graph',
    await openGrafeo({ path: join(folder('graph'), 'knowledge.grafeo'), log: named('graph') }),
  )
  const vectors = opened(
    'vectors',
    await openEmbeddedVectors({ sql, folder: folder('vectors'), log: named('vectors') }),
  )
  const blobs = opened('blobs', await openFolderBlobs({ folder: folder('blobs') }))
  const mail = opened('mail', openTableMail({ sql }))
  const sandbox = opened('sandbox', openSandbox({ limits: { tasks: 250 } }))
  // Jobs wait for consumers of facts, and so are closed before them.
  const facts = opened('facts', await openFacts(sql, named('facts')))
  const jobs = opened('jobs', await openJobs(database.app, named('jobs')))
  return {
    sql,
    coordination,
    models,
    graph,
    vectors,
    blobs,
    mail,
    sandbox,
    jobs,
    facts,
    keys: openTokenKeys(secrets),
    log,
  }
}
