import { existsSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { probeS3 } from '@passerelle/platform/blobs/s3'
import { probeNeo4j } from '@passerelle/platform/graph/neo4j'
import { inspectRedis } from '@passerelle/platform/coordination/redis'
import { openSmtp } from '@passerelle/platform/mail/smtp'
import type { Log } from '@passerelle/platform/log'
import type { EngineUnavailable } from '@passerelle/platform/schema'
import { probeQdrant } from '@passerelle/platform/vectors/qdrant'
import { findLastBackup } from './backup/last.ts'
import { findHolder } from './data-folder.ts'
import { describeDatabase } from './doctor.database.ts'
import { modelFindings } from './doctor.models.ts'
import type { Env } from './env.ts'

const NODE_MAJOR = 24
const NEEDED_GB = 2

/**
 * Tries what an installation stands on and prints a line for each: what works, and for what does not, why. Changes nothing. Answers whether
 * everything works.
 */
export async function diagnose(env: Env, log: Log): Promise<boolean> {
  const findings: [name: string, look: () => Promise<string>][] = [
    [
      'Node',
      async () =>
        requireThat(
          Number(process.versions.node.split('.')[0]) >= NODE_MAJOR,
          process.versions.node,
          `${process.versions.node} is older than ${NODE_MAJOR}`,
        ),
    ],
    ['Data folder', async () => describeFolder(env)],
    ['Disk', () => describeDisk(env)],
    ['Backup', () => describeBackup(env)],
    ['Database', () => describeDatabase(env, log)],
    ['Files', () => describeBlobs(env)],
    ['Mail', () => describeMail(env)],
    ['Graph', () => describeGraph(env)],
    ['Search index', () => describeVectors(env)],
    ['Coordination', () => describeCoordination(env, log)],
    ...modelFindings(env),
  ]
  let healthy = true
  for (const [name, look] of findings) {
    const line = await look().then(
      (good) => `✓ ${name}: ${good}`,
      (error: Error) => `✗ ${name}: ${error.message}`,
    )
    console.log(line)
    healthy &&= line.startsWith('✓')
  }
  return healthy
}

function requireThat(holds: boolean, good: string, bad: string): string {
  if (!holds) throw new Error(bad)
  return good
}

function describeFolder({ dataFolder }: Env): string {
  if (!existsSync(dataFolder)) return `${dataFolder} does not exist yet; the first start makes it`
  const holder = findHolder(dataFolder)
  return holder
    ? `${dataFolder}, in use by process ${holder.pid}${holder.url ? ` at ${holder.url}` : ''}`
    : `${dataFolder}, not in use`
}

async function describeDisk({ dataFolder }: Env): Promise<string> {
  const { bavail, bsize } = await statfs(existsSync(dataFolder) ? dataFolder : '.')
  const free = (bavail * bsize) / 1024 ** 3
  return requireThat(
    free >= NEEDED_GB,
    `${free.toFixed(1)} GB free`,
    `only ${free.toFixed(1)} GB free, and ${NEEDED_GB} GB should be`,
  )
}

async function describeBackup({ dataFolder }: Env): Promise<string> {
  const last = await findLastBackup(dataFolder)
  return last ? `${last.folder} is of ${last.at}` : 'none was made here yet (passerelle backup FOLDER)'
}

async function describeBlobs({ blobs }: Env): Promise<string> {
  if (!blobs) return 'in the data folder (BLOBS_URL takes a bucket of S3)'
  const place = `the bucket ${blobs.bucket}${blobs.endpoint ? ` at ${new URL(blobs.endpoint).host}` : ' of Amazon S3'}`
  await probeS3(blobs).catch((error: EngineUnavailable) => {
    throw new Error(`${place} cannot be had: ${describeCause(error)}`)
  })
  return `${place} answers`
}

async function describeMail({ smtp }: Env): Promise<string> {
  if (!smtp) return 'kept here, and read in the settings of the application (SMTP_URL takes a mail server)'
  const place = `${smtp.server.host}:${smtp.server.port}`
  await openSmtp(smtp)
    .health()
    .catch((error: EngineUnavailable) => {
      throw new Error(`the server ${place} does not take us: ${describeCause(error)}`)
    })
  return `${place} takes what is from ${smtp.from}`
}

async function describeGraph({ graph }: Env): Promise<string> {
  if (!graph) return 'embedded, in the data folder (GRAPH_URL takes a Neo4j)'
  const { host } = new URL(graph.url)
  const agent = await probeNeo4j(graph).catch((error: EngineUnavailable) => {
    throw new Error(`Neo4j does not answer at ${host}: ${describeCause(error)}`)
  })
  return `${agent} answers at ${host}`
}

async function describeVectors({ vectors }: Env): Promise<string> {
  if (!vectors) return 'embedded, in the database and the data folder (VECTORS_URL takes a Qdrant)'
  const { host } = new URL(vectors.url)
  const name = await probeQdrant(vectors).catch((error: EngineUnavailable) => {
    throw new Error(`the Qdrant at ${host} cannot be used: ${describeCause(error)}`)
  })
  return `${name} answers at ${host}`
}

function describeCause({ cause, message }: Error): string {
  return cause instanceof Error ? cause.message : message
}

async function describeCoordination({ coordination }: Env, log: Log): Promise<string> {
  if (!coordination) return 'a file in the data folder (COORDINATION_URL is not set)'
  const { version, cluster, tooOld, evictsAnything } = await inspectRedis({ ...coordination, log }).catch(
    (error: Error) => {
      throw new Error(`the Redis of COORDINATION_URL does not answer: ${error.message}`)
    },
  )
  if (tooOld) throw new Error(`${version} is older than Redis 7`)
  const form = cluster ? `${version}, a cluster` : version
  return requireThat(
    !evictsAnything,
    `${form} answers`,
    `${form} throws away the queue when it is full: set its maxmemory-policy to volatile-lru or noeviction`,
  )
}
