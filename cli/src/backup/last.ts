import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'

const last = z.object({ at: z.iso.datetime(), folder: z.string() })

const fileOf = (dataFolder: string): string => join(dataFolder, 'last-backup.json')

/** Keeps in mind where the last backup is, for the doctor. */
export async function rememberBackup(dataFolder: string, backup: z.output<typeof last>): Promise<void> {
  const beside = `${fileOf(dataFolder)}.new`
  await mkdir(dataFolder, { recursive: true, mode: 0o700 })
  await writeFile(beside, JSON.stringify(backup))
  await rename(beside, fileOf(dataFolder))
}

/** When the last backup was made here, and where it was put; null when there was none. */
export async function findLastBackup(dataFolder: string): Promise<z.output<typeof last> | null> {
  try {
    return last.parse(JSON.parse(await readFile(fileOf(dataFolder), 'utf8')))
  } catch {
    return null
  }
}
