import { createHash } from 'node:crypto'
import type { Log } from '../../log/log.ts'
import { EngineUnavailable } from '../../schema/refusals.ts'
import { statusOf, type QdrantCalls } from './calls.ts'

/** How the collection lies on a cluster; changed by filling another one. */
export interface QdrantLayout {
  shards: number
  replicas: number
}

/** The named vector that one model's vectors are kept under, and how long they are. */
export interface Space {
  vector: string
  dimensions: number
}

export interface QdrantCollection {
  /** The alias that calls go through; resolves once there is a collection behind it. */
  name(): Promise<string>
  /** null when no point was ever written with a vector of this model. */
  findSpace(model: string): Promise<Space | null>
  findOrCreateSpace(model: string, dimensions: number): Promise<Space>
}

export interface CollectionOptions {
  alias: string
  layout: QdrantLayout
  log: Log
}

export const sparseVector = 'terms'

/** The first version whose statistics of terms can be those of one organisation. */
const oldestVersion = [1, 19] as const

const payloadIndexes = {
  organization_id: { type: 'keyword', is_tenant: true },
  collection: { type: 'keyword' },
  document_id: { type: 'keyword' },
  content_type: { type: 'keyword' },
  kind: { type: 'keyword' },
  created_at: { type: 'integer', lookup: false, range: true },
  written: { type: 'integer', lookup: false, range: true },
} as const

/**
 * The collection behind an alias, made by whoever comes first. Terms are one named vector, and the vectors of each embedding model another, so that a
 * point is one whatever it was embedded by, and a new model is a new name.
 */
export function openCollection(calls: QdrantCalls, options: CollectionOptions): QdrantCollection {
  const { alias } = options
  const spaces = new Map<string, Space>()
  let ready: Promise<void> | null = null
  const prepare = (): Promise<void> => {
    ready ??= ensureCollection(calls, options).catch((error: unknown) => {
      ready = null
      throw error
    })
    return ready
  }
  const findSpace = async (model: string): Promise<Space | null> => {
    const vector = vectorName(model)
    const known = spaces.get(vector)
    if (known) return known
    await prepare()
    const dimensions = await readDimensions(calls, alias, vector)
    if (dimensions === null) return null
    const space = { vector, dimensions }
    spaces.set(vector, space)
    return space
  }
  return {
    async name() {
      await prepare()
      return alias
    },
    findSpace,
    async findOrCreateSpace(model, dimensions) {
      const found = await findSpace(model)
      if (found) return found
      await unlessThere(() =>
        calls((client) =>
          client.createVectorName(
            alias,
            vectorName(model),
            { dense: { size: dimensions, distance: 'Cosine' } },
            { wait: true },
          ),
        ),
      )
      const made = await findSpace(model)
      if (!made) throw new Error(`The vectors of ${model} were made and are not there.`)
      return made
    },
  }
}

/** Names of vectors are part of addresses, so what a model is called stays out of them. */
function vectorName(model: string): string {
  return `dense-${createHash('sha256').update(model).digest('hex').slice(0, 16)}`
}

async function readDimensions(calls: QdrantCalls, alias: string, vector: string): Promise<number | null> {
  const { config } = await calls((client) => client.getCollection(alias))
  const vectors: Record<string, unknown> = { ...config.params.vectors }
  const params = vectors[vector]
  const size = typeof params === 'object' && params !== null && 'size' in params ? params.size : undefined
  return typeof size === 'number' ? size : null
}

/** Asks for the version; one that is too old is as good as none, and EngineUnavailable says why. */
export async function requireVersion(calls: QdrantCalls): Promise<string> {
  const { version } = await calls((client) => client.versionInfo())
  const [major = 0, minor = 0] = version.split('.').map(Number)
  if (major < oldestVersion[0] || (major === oldestVersion[0] && minor < oldestVersion[1]))
    throw new EngineUnavailable('vectors', new Error(`Qdrant ${version} is older than ${oldestVersion.join('.')}.`))
  return version
}

async function ensureCollection(calls: QdrantCalls, options: CollectionOptions): Promise<void> {
  const version = await requireVersion(calls)
  const { aliases } = await calls((client) => client.getAliases())
  if (!aliases.some(({ alias_name }) => alias_name === options.alias)) await createCollection(calls, options)
  options.log.info({ version, collection: options.alias }, 'The vectors engine is ready.')
}

/** Each step can be repeated, by this process after a crash and by others at the same time. */
async function createCollection(calls: QdrantCalls, { alias, layout }: CollectionOptions): Promise<void> {
  const name = `${alias}-1`
  await unlessThere(() =>
    calls((client) =>
      client.createCollection(name, {
        vectors: {},
        sparse_vectors: { [sparseVector]: { modifier: 'idf' } },
        shard_number: layout.shards,
        replication_factor: layout.replicas,
        write_consistency_factor: Math.floor(layout.replicas / 2) + 1,
        on_disk_payload: true,
        // Every search is within one organisation: graphs over each one's points, none over all.
        hnsw_config: { m: 0, payload_m: 16 },
      }),
    ),
  )
  for (const [field_name, field_schema] of Object.entries(payloadIndexes))
    await calls((client) => client.createPayloadIndex(name, { field_name, field_schema, wait: true }))
  await calls((client) =>
    client.updateCollectionAliases({ actions: [{ create_alias: { collection_name: name, alias_name: alias } }] }),
  )
}

async function unlessThere(create: () => Promise<unknown>): Promise<void> {
  try {
    await create()
  } catch (error) {
    const status = statusOf(error)
    if (status !== 409 && !(status === 400 && isAboutExisting(error))) throw error
  }
}

function isAboutExisting(error: unknown): boolean {
  return error instanceof Error && 'data' in error && /already exists/i.test(JSON.stringify(error.data))
}
