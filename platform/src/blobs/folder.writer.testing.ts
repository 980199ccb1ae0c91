import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { EngineUnavailable } from '../schema/refusals.ts'
import { openFolderBlobs } from './folder.ts'

/**
 * `<folder> hold` starts a blob, prints `writing` and never ends it; `<folder> fill` writes four megabytes, and prints what became of it
 * and of the unfinished files.
 */
const [folder = '', task] = process.argv.slice(2)
const blobs = await openFolderBlobs({ folder })
const maxBytes = 8_000_000
const left = () => readdir(join(folder, '.incoming'))

if (task === 'hold') {
  const bytes = new Readable({ read: () => undefined })
  bytes.push(Buffer.alloc(100_000))
  setInterval(async () => (await left()).length > 0 && process.stdout.write('writing\n'), 20)
  await blobs.put('org_a', bytes, { maxBytes })
} else {
  const outcome = await blobs
    .put('org_a', Readable.from(Array.from({ length: 64 }, () => Buffer.alloc(65_536))), { maxBytes })
    .catch((error) => {
      if (!(error instanceof EngineUnavailable)) throw error
      return {
        engine: error.engine,
        cause: error.cause instanceof Error && 'code' in error.cause ? error.cause.code : null,
      }
    })
  process.stdout.write(JSON.stringify({ ...outcome, left: await left() }))
}
