import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startTestS3, testCredentials } from '@passerelle/platform/blobs/testing'
import { openOllamaServer } from '@passerelle/platform/models/testing'
import { openCuttableWay, type CuttableWay, type Place } from '@passerelle/platform/sql/cut/testing'
import { createDatabase } from './database.ts'
import { preparePasserelle, type Passerelle, type Settings } from './passerelle.ts'
import { runToEnd } from './verbs.ts'

/** The engines of a house, as `/readyz` names them. */
export type Engine = 'sql' | 'coordination' | 'graph' | 'vectors' | 'blobs'

/** `passerelle all` on the engines of production, each of which can be taken away from it. */
export interface House {
  passerelle: Passerelle
  ways: Record<Engine, CuttableWay<Place>>
  /** The names of all files in the bucket. Marks beside them hold no bytes. */
  files(): Promise<string[]>
  /** Makes the bytes that nobody has claimed so old that they are swept in the next round. */
  makeArrivalsOld(): Promise<void>
  close(): Promise<void>
}

const { REDIS_TEST_URL = '', NEO4J_TEST_URL = '', QDRANT_TEST_URL = '' } = process.env

/** Starts it on a new database and bucket, beside a server of models that answers any question with `said`. */
export async function openHouse({ said }: { said: string }): Promise<House> {
  const folder = await mkdtemp(join(tmpdir(), 'passerelle-house-'))
  const bucket = await startTestS3({ folder: join(folder, 's3'), bucket: 'passerelle' })
  const database = await createDatabase()
  const models = await openOllamaServer()
  models.answer = () => said
  const ways: House['ways'] = {
    sql: await openCuttableWay<Place>(database.server),
    coordination: await openCuttableWay(placeOf(REDIS_TEST_URL)),
    graph: await openCuttableWay(placeOf(NEO4J_TEST_URL)),
    vectors: await openCuttableWay(placeOf(QDRANT_TEST_URL)),
    blobs: await openCuttableWay(placeOf(bucket.endpoint)),
  }
  const SQL_URL = database.url('passerelle_app', ways.sql.connection)
  await runToEnd(['migrate'], { SQL_URL, SQL_OWNER_URL: database.url() })
  const passerelle = await preparePasserelle({
    PASSERELLE_DEMO: 'off',
    SQL_URL,
    ...addressesOf(ways),
    OLLAMA_URL: models.url,
  })
  await passerelle.start()
  return {
    passerelle,
    ways,
    async files() {
      const names = await readdir(join(folder, 's3', 'passerelle'), { recursive: true })
      return names.filter((name) => name.endsWith('._S3rver_object') && !name.startsWith('.marks'))
    },
    makeArrivalsOld: () => database.run(`update documents.arrival set arrived_at = arrived_at - interval '2 days'`),
    async close() {
      await passerelle.remove()
      for (const way of Object.values(ways)) await way.cut()
      await models.close()
      await database.drop()
      await bucket.close()
      await rm(folder, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

function addressesOf({ coordination, graph, vectors, blobs }: House['ways']): Settings {
  const through = (url: string, { connection }: CuttableWay<Place>): string =>
    Object.assign(new URL(url), { host: `127.0.0.1:${connection.port}` }).href
  return {
    COORDINATION_URL: through(REDIS_TEST_URL, coordination),
    GRAPH_URL: through(NEO4J_TEST_URL, graph),
    VECTORS_URL: through(QDRANT_TEST_URL, vectors),
    BLOBS_URL: `s3://passerelle?endpoint=http://127.0.0.1:${blobs.connection.port}`,
    BLOBS_ACCESS_KEY_ID: testCredentials.accessKeyId,
    BLOBS_SECRET_ACCESS_KEY: testCredentials.secretAccessKey,
  }
}

function placeOf(url: string): { host: string; port: number } {
  const { hostname, port } = new URL(url)
  return { host: hostname, port: Number(port) }
}
