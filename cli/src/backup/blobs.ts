import { createHash } from 'node:crypto'
import { join } from 'node:path'
import type { Blobs } from '@passerelle/platform/blobs'
import { openFolderBlobs } from '@passerelle/platform/blobs/folder'
import type { BlobName } from './manifest.ts'
import { readLines, type Piece } from './pieces.ts'

/** Reading and writing take turns on a disk; a bucket is far. */
const AT_ONCE = 4

/** What a backup has of the blobs, kept as an installation keeps them in a folder. */
export function openKept(folder: string): Promise<Blobs> {
  return openFolderBlobs({ folder: join(folder, 'blobs') })
}

/** The blobs that a backup's list names. */
export async function* readNames(folder: string, list: Pick<Piece, 'file'>): AsyncGenerator<BlobName> {
  for await (const line of readLines(folder, list)) {
    const [organizationId = '', hash = ''] = line.split('\t')
    yield { organizationId, hash }
  }
}

/** Does something with each blob, a few at a time. */
export async function forEachBlob(
  names: AsyncGenerator<BlobName>,
  work: (name: BlobName) => Promise<void>,
): Promise<void> {
  const lane = async (): Promise<void> => {
    for (let next = await names.next(); !next.done; next = await names.next()) await work(next.value)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, lane))
}

/** Copies a blob; answers whether it was there, and was what its name says. */
export async function copyBlob(from: Blobs, to: Blobs, { organizationId, hash }: BlobName): Promise<boolean> {
  const found = await from.open(organizationId, hash)
  if (!found) return false
  const stored = await to.put(organizationId, found.stream, { maxBytes: Number.POSITIVE_INFINITY })
  return stored.hash === hash
}

/** Whether the blob is there, and is what its name says. */
export async function isBlobWhole(blobs: Blobs, { organizationId, hash }: BlobName): Promise<boolean> {
  const found = await blobs.open(organizationId, hash)
  if (!found) return false
  const actual = createHash('sha256')
  for await (const chunk of found.stream) actual.update(chunk as Buffer)
  return actual.digest('hex') === hash
}
