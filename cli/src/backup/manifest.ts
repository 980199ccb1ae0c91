import { open, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { Obstacle } from '../obstacle.ts'
import { piece } from './pieces.ts'

/** Raised when what a backup is made of changes. */
const FORMAT = 1

/** A file of another program's making, and how to tell that it is still the same. */
const indexFile = z.object({ file: z.string(), bytes: z.number(), sha256: z.string() })
export type IndexFile = z.output<typeof indexFile>

const blobName = z.object({ organizationId: z.string(), hash: z.string() })
export type BlobName = z.output<typeof blobName>

const manifest = z.object({
  format: z.literal(FORMAT),
  /** When the database was as the backup has it. */
  at: z.iso.datetime(),
  migrations: z.array(z.object({ name: z.string(), hash: z.string() })),
  tables: z.array(piece.extend({ name: z.string(), columns: z.array(z.string()) })),
  sequences: z.record(z.string(), z.number()),
  /** Jobs that were not done, a JSON text each. */
  jobs: piece,
  /** The blobs that rows hold: organisation and hash. */
  blobs: piece,
  /** Those of them that are not in the backup. */
  absent: z.array(blobName),
  /** The search index of a Qdrant, a little younger than the rows. */
  vectors: indexFile.optional(),
})
export type Manifest = z.output<typeof manifest>

const FILE = 'manifest.json'

/** Written last: a folder that has it is whole. */
export async function writeManifest(folder: string, written: Omit<Manifest, 'format'>): Promise<void> {
  const file = await open(join(folder, FILE), 'wx', 0o600)
  await file.writeFile(`${JSON.stringify({ format: FORMAT, ...written }, null, 2)}\n`)
  await file.sync()
  await file.close()
}

/** Throws an `Obstacle` for a folder that is no whole backup, or one of a newer version. */
export async function readManifest(folder: string): Promise<Manifest> {
  const text = await readFile(join(folder, FILE), 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new Obstacle(`There is no whole backup in ${folder} (${error.code}: ${FILE}).`)
  })
  try {
    const read: unknown = JSON.parse(text)
    const { format } = z.object({ format: z.number() }).parse(read)
    if (format > FORMAT) throw new Obstacle(`The backup in ${folder} is of a newer version: restore it with that.`)
    return manifest.parse(read)
  } catch (error) {
    throw error instanceof Obstacle ? error : new Obstacle(`The backup in ${folder} is damaged: ${FILE}.`)
  }
}
