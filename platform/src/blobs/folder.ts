import { createWriteStream } from 'node:fs'
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { uuidv7 } from 'uuidv7'
import { mayBeAlive } from '../coordination/alive.ts'
import { EngineUnavailable, InvalidInput, NotFound } from '../schema/refusals.ts'
import { requireOrganizationId, toAddress } from './address.ts'
import type { Blobs, StoredBlob } from './blobs.ts'
import { createMeasure } from './measure.ts'

/** A dot cannot begin an organisation's id, so that no organisation's folder is this one. */
const TEMPORARY = '.incoming'

/** After a day even a process that seems alive is not writing that file any more. */
const STALE_MS = 24 * 3_600_000

/**
 * Blobs in a folder of this machine. A blob that `put` has answered for is on the disk (file and folder synced). What a killed process left
 * half written is swept here, at open.
 */
export async function openFolderBlobs({ folder }: { folder: string }): Promise<Blobs> {
  const incoming = join(folder, TEMPORARY)
  await asEngine(async () => {
    await mkdir(incoming, { recursive: true })
    await sweep(incoming)
  })

  const pathOf = (organizationId: string, hash: string) => join(folder, toAddress(organizationId, hash).path)

  return {
    async put(organizationId, bytes, { maxBytes, foresee }) {
      requireOrganizationId(organizationId)
      const temporary = join(incoming, `${process.pid}-${uuidv7()}`)
      try {
        const blob = await write(temporary, bytes, maxBytes)
        await foresee?.(blob)
        const { directory, path } = toAddress(organizationId, blob.hash)
        await asEngine(() => moveIntoPlace(temporary, join(folder, directory), join(folder, path)))
        return blob
      } catch (error) {
        await rm(temporary, { force: true })
        throw error
      }
    },
    async open(organizationId, hash, range) {
      const file = await openIfThere(pathOf(organizationId, hash))
      if (!file) return null
      try {
        const { size } = await asEngine(() => file.stat())
        return { stream: file.createReadStream(range ? requireRange(range, size) : {}), size }
      } catch (error) {
        await file.close()
        throw error
      }
    },
    async withFile(organizationId, hash, work) {
      const path = pathOf(organizationId, hash)
      const file = await openIfThere(path)
      if (!file) throw new NotFound('There is no file with this content.')
      await file.close()
      return work(path)
    },
    async remove(organizationId, hash) {
      await asEngine(() => rm(pathOf(organizationId, hash), { force: true }))
    },
    async health() {
      const probe = join(incoming, `${process.pid}-${uuidv7()}`)
      await asEngine(async () => {
        await (await open(probe, 'wx')).close()
        await rm(probe)
      })
    },
    async close() {},
  }
}

/** Streams into a new file and syncs it. Failures of the file are the engine's; failures of `bytes` are passed on as they are. */
async function write(path: string, bytes: Readable, maxBytes: number): Promise<StoredBlob> {
  const measure = createMeasure(maxBytes)
  const file = createWriteStream(path, { flags: 'wx', flush: true })
  let broken: unknown
  file.on('error', (error) => (broken = error))
  try {
    await pipeline(bytes, measure.through, file)
  } catch (error) {
    throw broken === error ? toFailure(error) : error
  }
  return measure.result()
}

async function moveIntoPlace(temporary: string, directory: string, path: string): Promise<void> {
  const made = await mkdir(directory, { recursive: true })
  // Replacing equal bytes by equal bytes needs no look before it, and so has no race with a removal.
  await rename(temporary, path)
  await sync(directory)
  if (made) await sync(join(directory, '..'))
}

/** Makes the names in a folder survive a power cut. */
async function sync(directory: string): Promise<void> {
  const handle = await open(directory, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

async function openIfThere(path: string) {
  try {
    return await open(path, 'r')
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null
    throw toFailure(error)
  }
}

function requireRange(
  { start, end = Number.MAX_SAFE_INTEGER }: { start: number; end?: number },
  size: number,
): { start: number; end: number } {
  const whole = Number.isSafeInteger(start) && Number.isSafeInteger(end)
  if (!whole || start < 0 || end < start || start >= size)
    throw new InvalidInput(`No byte of ${size} is in this range.`, ['range'])
  return { start, end: Math.min(end, size - 1) }
}

async function sweep(incoming: string): Promise<void> {
  for (const name of await readdir(incoming)) {
    const { mtimeMs } = await stat(join(incoming, name))
    const writing = mayBeAlive(Number.parseInt(name, 10), mtimeMs) && Date.now() - mtimeMs < STALE_MS
    if (!writing) await rm(join(incoming, name), { force: true })
  }
}

async function asEngine<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw toFailure(error)
  }
}

/** What the operating system refuses (disk full, read-only, no right, no more descriptors) is the engine being away. */
function toFailure(error: unknown): unknown {
  return codeOf(error) === null ? error : new EngineUnavailable('blobs', error)
}

function codeOf(error: unknown): string | null {
  return error instanceof Error && 'syscall' in error && 'code' in error ? String(error.code) : null
}
