import { createHash } from 'node:crypto'
import { Transform } from 'node:stream'
import { BlobTooLarge, type StoredBlob } from './blobs.ts'

/** Passes bytes through while it hashes and counts them; fails with BlobTooLarge on the first byte too many. `result` is for after the end. */
export function createMeasure(maxBytes: number): { through: Transform; result(): StoredBlob } {
  const hash = createHash('sha256')
  let size = 0
  const through = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      size += chunk.length
      if (size > maxBytes) return done(new BlobTooLarge(maxBytes))
      hash.update(chunk)
      done(null, chunk)
    },
  })
  return { through, result: () => ({ hash: hash.digest('hex'), size }) }
}
