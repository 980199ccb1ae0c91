import { mkdir, open, readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { NotFound } from '../schema/refusals.ts'
import { MARKS, requireMark, requireOrganizationId, toAddress, toMarkFolder } from './address.ts'
import type { Blobs } from './blobs.ts'
import { asEngine, codeOf, toFailure } from './failure.ts'
import { requireRange } from './range.ts'
import { openSpool, writeMeasured } from './spool.ts'

/** A dot cannot begin an organisation's id, so that no organisation's folder is this one. */
const TEMPORARY = '.incoming'

/**
 * Blobs in a folder of this machine. A blob that `put` has answered for is on the disk (file and folder synced). What a killed process left
 * half written is swept here, at open.
 */
export async function openFolderBlobs({ folder }: { folder: string }): Promise<Blobs> {
  const spool = await openSpool(join(folder, TEMPORARY))
  const pathOf = (organizationId: string, hash: string) => join(folder, toAddress(organizationId, hash).path)

  return {
    async put(organizationId, bytes, { maxBytes, foresee }) {
      requireOrganizationId(organizationId)
      return spool.with(async (temporary) => {
        const blob = await writeMeasured(temporary, bytes, maxBytes)
        await foresee?.(blob)
        const { directory, path } = toAddress(organizationId, blob.hash)
        await asEngine(() => moveIntoPlace(temporary, join(folder, directory), join(folder, path)))
        return blob
      })
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
    async mark(organizationId, name) {
      requireMark(name)
      const directory = join(folder, toMarkFolder(organizationId))
      await asEngine(() => leave(directory, name))
    },
    marks: (organizationId) => namesIn(join(folder, toMarkFolder(organizationId))),
    marked: () => namesIn(join(folder, MARKS)),
    async health() {
      await asEngine(() => spool.with(async (probe) => (await open(probe, 'wx')).close()))
    },
    async close() {},
  }
}

async function moveIntoPlace(temporary: string, directory: string, path: string): Promise<void> {
  const made = await mkdir(directory, { recursive: true })
  // Replacing equal bytes by equal bytes needs no look before it, and so has no race with a removal.
  await rename(temporary, path)
  await sync(directory)
  if (made) await sync(join(directory, '..'))
}

async function leave(directory: string, name: string): Promise<void> {
  await mkdir(directory, { recursive: true })
  await (await open(join(directory, name), 'a')).close()
  await sync(directory)
  await sync(join(directory, '..'))
}

async function namesIn(directory: string): Promise<string[]> {
  try {
    return (await readdir(directory)).toSorted()
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return []
    throw toFailure(error)
  }
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
