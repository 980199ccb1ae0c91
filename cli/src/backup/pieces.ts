import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { copyFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { Transform, type Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { constants, createGunzip, createGzip } from 'node:zlib'
import { z } from 'zod'

/** Lines in a compressed file of a backup, and how to tell that they are still the same. */
export const piece = z.object({ file: z.string(), lines: z.number(), bytes: z.number(), sha256: z.string() })
export type Piece = z.output<typeof piece>

const LINE_END = 10

/** Writes lines into a new file of the folder, compressed, and syncs it. */
export async function writePiece(folder: string, file: string, lines: Readable): Promise<Piece> {
  const hash = createHash('sha256')
  let [count, bytes] = [0, 0]
  const counted = through((chunk) => {
    for (let at = chunk.indexOf(LINE_END); at >= 0; at = chunk.indexOf(LINE_END, at + 1)) count++
  })
  const measured = through((chunk) => {
    hash.update(chunk)
    bytes += chunk.length
  })
  const target = createWriteStream(join(folder, file), { flags: 'wx', flush: true })
  await pipeline(lines, counted, createGzip({ level: constants.Z_BEST_SPEED }), measured, target)
  return { file, lines: count, bytes, sha256: hash.digest('hex') }
}

/** The lines' bytes. */
export function openPiece(folder: string, { file }: Pick<Piece, 'file'>): Readable {
  const lines = createGunzip()
  const source = createReadStream(join(folder, file))
  source.on('error', (error) => lines.destroy(error))
  return source.pipe(lines)
}

/** The lines, one by one. */
export async function* readLines(folder: string, which: Pick<Piece, 'file'>): AsyncGenerator<string> {
  yield* createInterface({ input: openPiece(folder, which), crlfDelay: Infinity })
}

/** Whether the file is there, whole and unchanged. */
export async function isWhole(folder: string, { file, sha256 }: Pick<Piece, 'file' | 'sha256'>): Promise<boolean> {
  const hash = createHash('sha256')
  try {
    for await (const chunk of createReadStream(join(folder, file))) hash.update(chunk as Buffer)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false
    throw error
  }
  return hash.digest('hex') === sha256
}

/** Copies a file; answers whether there is one. */
export async function copyIfThere(from: string, to: string): Promise<boolean> {
  try {
    await copyFile(from, to)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false
    throw error
  }
}

function through(look: (chunk: Buffer) => void): Transform {
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      look(chunk)
      done(null, chunk)
    },
  })
}
