import { createHash } from 'node:crypto'
import type { Log } from '../../log/log.ts'
import { EngineUnavailable } from '../../schema/refusals.ts'
import { followingName, nextAlias, readAliases, setAlias } from './aliases.ts'
import { statusOf, type QdrantCalls } from './calls.ts'
import { createCollection, messageOf, unlessThere, type QdrantLayout } from './layout.ts'

/** The named vector that one model's vectors are kept under, and how long they are. */
export interface Space {
  vector: string
  dimensions: number
}

export interface QdrantCollection {
  /** Runs `work` with the collection that is read. */
  read<T>(work: (name: string) => Promise<T>): Promise<T>
  /** Runs `work` for each collection that has to hold what is written: the one that is read, and the one that is to take its place. */
  write(work: (name: string) => Promise<void>): Promise<void>
  /** null when no point of the collection was ever written with a vector of this model. */
  findSpace(name: string, model: string): Promise<Space | null>
  findOrCreateSpace(name: string, wanted: { model: string; dimensions: number }): Promise<Space>
}

export interface CollectionOptions {
  alias: string
  layout: QdrantLayout
  log: Log
}

/** The first version whose statistics of terms can be those of one organisation. */
const oldestVersion = [1, 19] as const
const mostTries = 3

/**
 * The collection behind an alias, made by whoever comes first. Terms are one named vector, and the vectors of each embedding model another, so that a
 * point is one whatever it was embedded by, and a new model is a new name.
 */
export function openCollection(calls: QdrantCalls, options: CollectionOptions): QdrantCollection {
  const { alias } = options
  let ready: Promise<void> | null = null
  let spaces = new Map<string, Space>()
  const prepare = (): Promise<void> => {
    ready ??= ensureCollection(calls, options).catch((error: unknown) => {
      ready = null
      throw error
    })
    return ready
  }
  /** What was believed of a collection does not hold when it has been replaced, or is gone: then everything is looked up again. */
  const again = async <T>(work: () => Promise<T>, tries = mostTries): Promise<T> => {
    await prepare()
    try {
      return await work()
    } catch (error) {
      if (tries <= 1 || !isAboutAnother(error)) throw error
      ready = null
      spaces = new Map()
      return again(work, tries - 1)
    }
  }
  const findSpace = async (name: string, model: string): Promise<Space | null> => {
    const vector = vectorName(model)
    const known = spaces.get(`${name} ${vector}`)
    if (known) return known
    const dimensions = await readDimensions(calls, name, vector)
    if (dimensions === null) return null
    spaces.set(`${name} ${vector}`, { vector, dimensions })
    return { vector, dimensions }
  }
  return {
    read: (work) => again(() => work(alias)),
    write: (work) =>
      again(async () => {
        const { next } = await readAliases(calls, alias)
        await work(alias)
        if (next) await work(nextAlias(alias))
      }),
    findSpace,
    async findOrCreateSpace(name, { model, dimensions }) {
      const found = await findSpace(name, model)
      if (found) return found
      const dense = { size: dimensions, distance: 'Cosine' as const }
      await unlessThere(() =>
        calls((client) => client.createVectorName(name, vectorName(model), { dense }, { wait: true })),
      )
      const made = await findSpace(name, model)
      if (!made) throw new Error(`The vectors of ${model} were made and are not there.`)
      return made
    },
  }
}

/** Names of vectors are part of addresses, so what a model is called stays out of them. */
function vectorName(model: string): string {
  return `dense-${createHash('sha256').update(model).digest('hex').slice(0, 16)}`
}

async function readDimensions(calls: QdrantCalls, name: string, vector: string): Promise<number | null> {
  const { config } = await calls.read((client) => client.getCollection(name))
  const vectors: Record<string, unknown> = { ...config.params.vectors }
  const params = vectors[vector]
  const size = typeof params === 'object' && params !== null && 'size' in params ? params.size : undefined
  return typeof size === 'number' ? size : null
}

/** Asks for the version; one that is too old is as good as none, and EngineUnavailable says why. */
export async function requireVersion(calls: QdrantCalls): Promise<string> {
  const { version } = await calls.read((client) => client.versionInfo())
  const [major = 0, minor = 0] = version.split('.').map(Number)
  if (major < oldestVersion[0] || (major === oldestVersion[0] && minor < oldestVersion[1]))
    throw new EngineUnavailable('vectors', new Error(`Qdrant ${version} is older than ${oldestVersion.join('.')}.`))
  return version
}

async function ensureCollection(calls: QdrantCalls, { alias, layout, log }: CollectionOptions): Promise<void> {
  const version = await requireVersion(calls)
  const { current } = await readAliases(calls, alias)
  if (!current) {
    const name = followingName(alias, null)
    await createCollection(calls, name, layout)
    await setAlias(calls, alias, name)
  }
  log.info({ version, collection: alias, made: !current }, 'The vectors engine is ready.')
}

function isAboutAnother(error: unknown): boolean {
  const status = statusOf(error)
  return status === 404 || (status === 400 && /not existing vector name/i.test(messageOf(error)))
}
