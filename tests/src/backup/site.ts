import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startTestS3, testCredentials } from '@passerelle/platform/blobs/testing'
import { inject } from 'vitest'
import { createDatabase, type OwnDatabase } from '../database.ts'
import { preparePasserelle, type Passerelle, type Settings } from '../passerelle.ts'

/** An installation in one process on the engines of production, with a database, a bucket and a collection of its own. */
export interface Site {
  passerelle: Passerelle
  database: OwnDatabase
  /** Runs a verb that needs the owner of the database. */
  asOwner(words: readonly string[]): Promise<{ code: number | null; output: string }>
  /** The collection behind the alias, and how many points it has. */
  index(): Promise<{ name: string; points: number }>
  /** How many files the bucket has; the marks that seal the audit log are none. */
  files(): Promise<number>
  close(): Promise<void>
}

const { REDIS_TEST_URL = '', NEO4J_TEST_URL = '', QDRANT_TEST_URL = '', QDRANT_TEST_API_KEY = '' } = process.env

/** Prepares one that has nothing yet; its plain role comes through a pooler where this run has one. */
export async function openSite(name: string, more: Settings): Promise<Site> {
  const folder = await mkdtemp(join(tmpdir(), 'passerelle-site-'))
  const bucket = await startTestS3({ folder, bucket: 'passerelle' })
  const database = await createDatabase()
  const alias = `e2e-${process.pid}-${name}`
  const owner = { SQL_OWNER_URL: database.url() }
  const passerelle = await preparePasserelle({
    PASSERELLE_DEMO: 'off',
    SQL_URL: database.url('passerelle_app', inject('door')),
    SQL_LISTEN_URL: database.url('passerelle_app'),
    COORDINATION_URL: REDIS_TEST_URL,
    GRAPH_URL: NEO4J_TEST_URL,
    VECTORS_URL: QDRANT_TEST_URL,
    VECTORS_API_KEY: QDRANT_TEST_API_KEY,
    VECTORS_COLLECTION: alias,
    BLOBS_URL: `s3://passerelle?endpoint=${bucket.endpoint}`,
    BLOBS_ACCESS_KEY_ID: testCredentials.accessKeyId,
    BLOBS_SECRET_ACCESS_KEY: testCredentials.secretAccessKey,
    ...more,
  })
  return {
    passerelle,
    database,
    asOwner: (words) => passerelle.verb(words, owner),
    async index() {
      const { aliases } = await qdrant<{ aliases: { alias_name: string; collection_name: string }[] }>('aliases')
      const found = aliases.find(({ alias_name }) => alias_name === alias)?.collection_name ?? ''
      const { count } = await qdrant<{ count: number }>(`collections/${found}/points/count`, {
        exact: true,
        filter: { must: [] },
      })
      return { name: found, points: count }
    },
    async files() {
      const names = await readdir(join(folder, 'passerelle'), { recursive: true })
      return names.filter((file) => file.endsWith('._S3rver_object') && !file.startsWith('.marks')).length
    },
    async close() {
      await passerelle.remove()
      await database.drop()
      await bucket.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function qdrant<Result>(path: string, body?: object): Promise<Result> {
  const response = await fetch(new URL(path, `${QDRANT_TEST_URL}/`), {
    method: body ? 'POST' : 'GET',
    headers: { 'content-type': 'application/json', ...(QDRANT_TEST_API_KEY && { 'api-key': QDRANT_TEST_API_KEY }) },
    ...(body && { body: JSON.stringify(body) }),
  })
  return ((await response.json()) as { result: Result }).result
}
