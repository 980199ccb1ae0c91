import { createWriteStream } from 'node:fs'
import { mkdir, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { uuidv7 } from 'uuidv7'
import { mayBeAlive } from '../coordination/alive.ts'
import type { StoredBlob } from './blobs.ts'
import { asEngine, toFailure } from './failure.ts'
import { createMeasure } from './measure.ts'

/** After a day even a process that seems alive is not writing that file any more. */
const STALE_MS = 24 * 3_600_000

/** Files of this machine that live no longer than the work they are for. */
export interface Spool {
  /** Runs `work` with the path of a file that does not exist yet, and removes what is there afterwards. */
  with<T>(work: (path: string) => Promise<T>): Promise<T>
}

/** Opens a folder for them. What killed processes left in it is swept here. */
export async function openSpool(folder: string): Promise<Spool> {
  await asEngine(async () => {
    await mkdir(folder, { recursive: true })
    await sweep(folder)
  })
  return {
    async with(work) {
      const path = join(folder, `${process.pid}-${uuidv7()}`)
      try {
        return await work(path)
      } finally {
        await rm(path, { force: true })
      }
    },
  }
}

/**
 * Streams into a new file and syncs it, measured on the way. Failures of the file are the engine's; failures of `bytes` are passed on as they are.
 */
export async function writeMeasured(path: string, bytes: Readable, maxBytes: number): Promise<StoredBlob> {
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

async function sweep(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const { mtimeMs } = await stat(join(folder, name))
    const writing = mayBeAlive(Number.parseInt(name, 10), mtimeMs) && Date.now() - mtimeMs < STALE_MS
    if (!writing) await rm(join(folder, name), { force: true })
  }
}
