import { randomUUID } from 'node:crypto'
import { readAliases } from './aliases.ts'
import { connectQdrant, type QdrantTarget } from './calls.ts'
import { requireVersion } from './collection.ts'

export interface QdrantProbe {
  version: string
  /** The collection that is read, with its points; null before the first process has worked with it. */
  collection: { name: string; points: number } | null
  /** Whether another one is being filled to take its place. */
  renewed: boolean
}

const patienceMs = 5_000

/**
 * What answers at an address, and whether our key may write there; leaves nothing behind. Throws EngineUnavailable when nothing does, when it is too old,
 * and when writing is forbidden.
 */
export async function probeQdrant(target: QdrantTarget, alias: string): Promise<QdrantProbe> {
  const calls = connectQdrant(target, patienceMs)
  try {
    const version = await requireVersion(calls)
    // Removing what is not there changes nothing, and is forbidden to a key that may only read.
    await calls((client) => client.deleteCollection(`${alias}-doctor-${randomUUID()}`)).catch(unlessMissing)
    const { current, next } = await readAliases(calls, alias)
    const renewed = next !== null
    if (!current) return { version, collection: null, renewed }
    const { count } = await calls.read((client) => client.count(current, { filter: { must: [] }, exact: true }))
    return { version, collection: { name: current, points: count }, renewed }
  } finally {
    calls.close()
  }
}

function unlessMissing(error: unknown): void {
  if (!(error instanceof Error && 'status' in error && error.status === 404)) throw error
}
