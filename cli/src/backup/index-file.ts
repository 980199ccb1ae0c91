import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { chmod, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Log } from '@passerelle/platform/log'
import { openQdrantVectors, type QdrantVectors } from '@passerelle/platform/vectors/qdrant'
import type { Env } from '../env/env.ts'
import type { IndexFile, Manifest } from './manifest.ts'

const FILE = 'vectors.snapshot'

type Target = NonNullable<Env['vectors']>

/**
 * Writes the search index of a Qdrant beside the rows, so that a restored installation finds by meaning at once. It only saves time: it is a little younger than
 * the rows, and the index is made again from those. Undefined where there is none, on a cluster, and when Qdrant does not give it.
 */
export async function saveIndex({ vectors }: Env, log: Log, folder: string): Promise<IndexFile | undefined> {
  if (!vectors || vectors.layout.shards > 1 || vectors.layout.replicas > 1) return undefined
  const path = join(folder, FILE)
  try {
    await withQdrant(vectors, log, ({ snapshots }) => snapshots.save(path))
  } catch (error) {
    log.warn({ err: error }, 'the search index is not in the backup; it is made again from the rows')
    await rm(path, { force: true })
    return undefined
  }
  await chmod(path, 0o600)
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer)
  return { file: FILE, bytes: (await stat(path)).size, sha256: hash.digest('hex') }
}

/** Puts the index of a backup in the place of what is there; an empty one when there is none, or Qdrant does not take it. Answers whether it did. */
export async function putIndex(
  target: Target,
  log: Log,
  { folder, vectors: saved }: { folder: string } & Pick<Manifest, 'vectors'>,
): Promise<boolean> {
  return withQdrant(target, log, async ({ renewal, snapshots }) => {
    await renewal.abandon()
    if (saved)
      try {
        await snapshots.restore(join(folder, saved.file))
        return true
      } catch (error) {
        log.warn({ err: error }, 'the search index of the backup was not taken; it is made again from the rows')
      }
    await renewal.begin()
    await renewal.finish()
    return false
  })
}

async function withQdrant<T>(target: Target, log: Log, work: (vectors: QdrantVectors) => Promise<T>): Promise<T> {
  const vectors = openQdrantVectors({ ...target, log })
  try {
    return await work(vectors)
  } finally {
    await vectors.close()
  }
}
