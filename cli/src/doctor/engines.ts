import { probeS3 } from '@passerelle/platform/blobs/s3'
import { inspectRedis } from '@passerelle/platform/coordination/redis'
import { probeNeo4j } from '@passerelle/platform/graph/neo4j'
import type { Log } from '@passerelle/platform/log'
import { openSmtp } from '@passerelle/platform/mail/smtp'
import type { EngineUnavailable } from '@passerelle/platform/schema'
import { probeQdrant } from '@passerelle/platform/vectors/qdrant'
import { describeDatabase } from './database.ts'
import { describeCause, requireThat, type Finding } from './finding.ts'
import { sealingFinding } from './sealing.ts'
import type { Env } from '../env/env.ts'

/** What is said of each engine: which it is, of what version and in which state, and whether we may do there what we have to. */
export function engineFindings(env: Env, log: Log): Finding[] {
  return [
    ['Database', () => describeDatabase(env, log)],
    sealingFinding(env, log),
    ['Files', () => describeBlobs(env)],
    ['Mail', () => describeMail(env)],
    ['Graph', () => describeGraph(env)],
    ['Search index', () => describeVectors(env)],
    ['Coordination', () => describeCoordination(env, log)],
  ]
}

async function describeBlobs({ blobs }: Env): Promise<string> {
  if (!blobs) return 'in the data folder (BLOBS_URL takes a bucket of S3)'
  const place = `the bucket ${blobs.bucket}${blobs.endpoint ? ` at ${new URL(blobs.endpoint).host}` : ' of Amazon S3'}`
  await probeS3(blobs).catch((error: EngineUnavailable) => {
    throw new Error(
      `${place} cannot be had: ${describeCause(error)}. The key has to list the bucket, and to get, put and delete objects in it`,
    )
  })
  return `${place} answers, and takes files`
}

async function describeMail({ smtp, publicUrl }: Env): Promise<string> {
  if (!smtp) return 'kept here, and read in the settings of the application (SMTP_URL takes a mail server)'
  const place = `${smtp.server.host}:${smtp.server.port}`
  if (!publicUrl)
    throw new Error(
      `SMTP_URL is set and PASSERELLE_URL is not: links in messages would lead to this machine. Set PASSERELLE_URL to where people reach Passerelle`,
    )
  await openSmtp(smtp)
    .health()
    .catch((error: EngineUnavailable) => {
      throw new Error(
        `the server ${place} does not take us: ${describeCause(error)}. Look at SMTP_URL and SMTP_PASSWORD`,
      )
    })
  return `${place} takes what is from ${smtp.from}`
}

async function describeGraph({ graph }: Env): Promise<string> {
  if (!graph) return 'embedded, in the data folder (GRAPH_URL takes a Neo4j)'
  const { host } = new URL(graph.url)
  const { agent, constraints, wanted } = await probeNeo4j(graph).catch((error: EngineUnavailable) => {
    throw new Error(
      `the Neo4j at ${host} cannot be used: ${describeCause(error)}. Look at GRAPH_URL and GRAPH_PASSWORD; its user has to write and to make constraints`,
    )
  })
  const state =
    constraints === wanted
      ? `with its ${wanted} constraints and indexes`
      : `${wanted - constraints} of its ${wanted} constraints and indexes are made by the next start`
  return `${agent} answers at ${host}, ${state}`
}

async function describeVectors({ vectors }: Env): Promise<string> {
  if (!vectors) return 'embedded, in the database and the data folder (VECTORS_URL takes a Qdrant)'
  const { host } = new URL(vectors.url)
  const { version, collection, renewed } = await probeQdrant(vectors, vectors.alias).catch(
    (error: EngineUnavailable) => {
      throw new Error(
        `the Qdrant at ${host} cannot be used: ${describeCause(error)}. Look at VECTORS_URL and VECTORS_API_KEY; the key has to write`,
      )
    },
  )
  const state = collection
    ? `${collection.name} has ${collection.points} points${renewed ? ', and another is being filled to take its place' : ''}`
    : 'its collection is made by the next start'
  return `Qdrant ${version} answers at ${host}, ${state}`
}

async function describeCoordination({ coordination }: Env, log: Log): Promise<string> {
  if (!coordination) return 'a file in the data folder (COORDINATION_URL takes a Redis or Valkey)'
  const { version, cluster, tooOld, evictsAnything } = await inspectRedis({ ...coordination, log }).catch(
    (error: Error) => {
      throw new Error(
        `the Redis of COORDINATION_URL does not take us: ${error.message}. Look at COORDINATION_URL and COORDINATION_PASSWORD; its user has to write and to run scripts`,
      )
    },
  )
  if (tooOld) throw new Error(`${version} is older than Redis 7: bring it up to 7 or later, or Valkey 8`)
  const form = cluster ? `${version}, a cluster` : version
  return requireThat(
    !evictsAnything,
    `${form} answers`,
    `${form} throws away the queue when it is full: set its maxmemory-policy to volatile-lru or noeviction`,
  )
}
