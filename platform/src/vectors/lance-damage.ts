import { readdir } from 'node:fs/promises'
import { join } from 'node:path'

/** What LanceDB says of files that it has read and that are not as it wrote them. */
const unreadable = [
  'does not have sufficient data',
  'file size is too small',
  'Invalid range',
  'invalid magic',
  'failed to decode Protobuf',
  'has no column of vectors',
]

/**
 * Whether an error of LanceDB means that the table at this path is lost. Whatever may pass (no file descriptors or rights, a disk that does not answer, what
 * nobody has seen yet) does not: a good table is worth more than a quick start.
 */
export async function isDamage(path: string, error: unknown): Promise<boolean> {
  const said = error instanceof Error ? error.message : String(error)
  if (/\(os error \d+\)/.test(said)) return false
  // It also says so of a folder that it may not look into.
  if (said.includes('was not found')) return !(await hasVersions(path))
  return unreadable.some((words) => said.includes(words))
}

async function hasVersions(path: string): Promise<boolean> {
  const names = await readdir(join(path, '_versions')).catch((error: NodeJS.ErrnoException) =>
    error.code === 'ENOENT' || error.code === 'ENOTDIR' ? [] : null,
  )
  return names === null || names.some((name) => name.endsWith('.manifest'))
}
