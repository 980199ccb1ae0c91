import { execFile } from 'node:child_process'
import { chown, stat } from 'node:fs/promises'
import { userInfo } from 'node:os'
import { dirname } from 'node:path'
import { promisify } from 'node:util'

/** The account without rights that every Unix has as `nobody`. PostgreSQL refuses to run as root. */
const NOBODY = 65534

export type Account = {
  /** The program and arguments that run `command` as the account that owns the data, tied to the life of this process. */
  wrap(command: string, args: string[]): { command: string; args: string[]; uid?: number; gid?: number }
  /** Gives a folder to that account. */
  own(folder: string): Promise<void>
}

/**
 * Decides as whom PostgreSQL runs. As a plain user: as that user. As root: as the owner of `dataFolder`, or as `nobody`
 * when the folder is new; when that account cannot enter a folder above one of `paths` (a checkout under /root), it gets the one
 * capability to pass through folders, and no right to write anywhere else.
 */
export async function chooseAccount({ dataFolder, paths }: { dataFolder: string; paths: string[] }): Promise<Account> {
  const setpriv = await canUseSetpriv()
  // The kernel tells PostgreSQL to stop when this process dies, however it dies. Elsewhere the next start stops it.
  const tie = setpriv ? ['--pdeathsig', 'INT'] : []
  if (process.getuid?.() !== 0) {
    requireName()
    return asSelf(tie)
  }
  const owner = await stat(dataFolder).catch(() => undefined)
  const [uid, gid] = owner && owner.uid !== 0 ? [owner.uid, owner.gid] : [NOBODY, NOBODY]
  const enter = (await Promise.all(paths.map(canAnyoneEnter))).every(Boolean) ? [] : PASS_THROUGH_FOLDERS
  return {
    wrap: (command, args) =>
      setpriv
        ? {
            command: 'setpriv',
            args: [`--reuid=${uid}`, `--regid=${gid}`, '--clear-groups', ...tie, ...enter, command, ...args],
          }
        : { command, args, uid, gid },
    own: (folder) => chown(folder, uid, gid),
  }
}

const PASS_THROUGH_FOLDERS = [
  '--securebits=+no_setuid_fixup',
  '--inh-caps=-all,+dac_read_search',
  '--ambient-caps=-all,+dac_read_search',
]

function requireName(): void {
  try {
    userInfo()
  } catch {
    throw new Error(
      `PostgreSQL needs an account with a name, and this one (${process.getuid?.()}) has none: start as another account.`,
    )
  }
}

function asSelf(tie: string[]): Account {
  return {
    wrap: (command, args) =>
      tie.length > 0 ? { command: 'setpriv', args: [...tie, command, ...args] } : { command, args },
    own: async () => {},
  }
}

async function canUseSetpriv(): Promise<boolean> {
  if (process.platform !== 'linux') return false
  const { stdout } = await promisify(execFile)('setpriv', ['--help']).catch(() => ({ stdout: '' }))
  return stdout.includes('--pdeathsig')
}

async function canAnyoneEnter(path: string): Promise<boolean> {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    const found = await stat(folder).catch(() => undefined)
    if (found && (found.mode & 0o001) === 0) return false
    if (folder === dirname(folder)) return true
  }
}
