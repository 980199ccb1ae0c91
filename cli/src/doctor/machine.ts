import { constants, existsSync } from 'node:fs'
import { access, stat, statfs } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { findLastBackup } from '../backup/last.ts'
import { requireRestored } from '../backup/restore.walls.ts'
import { findHolder } from '../data-folder.ts'
import { erasuresFile } from '../erasures.ts'
import { requireThat, type Finding } from './finding.ts'
import type { Env } from '../env/env.ts'

const NODE_MAJOR = 24
const NEEDED_GB = 2
/** Read or written by whoever is neither the owner nor root. */
const OTHERS = 0o077
const PASSING = 0o011

/** What is said of this machine: what runs us, the folder of our data, its disk, who may read it, and the last backup. */
export function machineFindings(env: Env): Finding[] {
  return [
    ['Node', async () => describeNode()],
    ['Data folder', () => describeFolder(env)],
    ['Disk', () => describeDisk(env)],
    ['Secrets', () => describeSecrets(env)],
    ['Erasures', () => describeErasures(env)],
    ['Proxies', async () => describeProxies(env)],
    ['Backup', () => describeBackup(env)],
  ]
}

function describeNode(): string {
  const { node } = process.versions
  return requireThat(
    Number(node.split('.')[0]) >= NODE_MAJOR,
    node,
    `${node} is older than ${NODE_MAJOR}: start with \`npm start\`, which brings its own`,
  )
}

async function describeFolder({ dataFolder }: Env): Promise<string> {
  if (!existsSync(dataFolder)) return describeMissing(dataFolder)
  await access(dataFolder, constants.R_OK | constants.W_OK | constants.X_OK).catch(() => {
    throw new Error(`${dataFolder} cannot be written by this account: chown it to the account that runs Passerelle`)
  })
  const { mode } = await stat(dataFolder)
  // Passing through alone shows nothing: as root, PostgreSQL's own account has to.
  if (mode & OTHERS & ~PASSING)
    throw new Error(`${dataFolder} can be read by others of this machine: chmod 700 ${dataFolder}`)
  requireRestored(dataFolder)
  const holder = findHolder(dataFolder)
  return holder
    ? `${dataFolder}, in use by process ${holder.pid}${holder.url ? ` at ${holder.url}` : ''}`
    : `${dataFolder}, not in use`
}

async function describeMissing(dataFolder: string): Promise<string> {
  if (!(await canBeMade(dataFolder)))
    throw new Error(`${dataFolder} cannot be made by this account: make it as another, and chown it to this one`)
  return `${dataFolder} does not exist yet; the first start makes it`
}

/** Whether this account may make what is to be under a path, folders on the way to it included. */
async function canBeMade(path: string): Promise<boolean> {
  let parent = dirname(path)
  while (!existsSync(parent)) parent = dirname(parent)
  return access(parent, constants.W_OK | constants.X_OK).then(
    () => true,
    () => false,
  )
}

async function describeDisk({ dataFolder }: Env): Promise<string> {
  const { bavail, bsize } = await statfs(existsSync(dataFolder) ? dataFolder : '.')
  const free = (bavail * bsize) / 1024 ** 3
  return requireThat(
    free >= NEEDED_GB,
    `${free.toFixed(1)} GB free`,
    `only ${free.toFixed(1)} GB free, and ${NEEDED_GB} GB should be: make room, or move PASSERELLE_DATA to a larger disk`,
  )
}

/** Files of secrets that others of this machine may read are as good as told. What a container's platform hands over is its own affair. */
async function describeSecrets({ dataFolder, secretsFile, secretFiles }: Env): Promise<string> {
  const own = join(dataFolder, 'secrets.json')
  if (secretsFile && !existsSync(secretsFile))
    throw new Error(`${secretsFile} is not there: make it with \`passerelle secrets\`, the same for every process`)
  const files = [...new Set([...(secretsFile ? [secretsFile] : existsSync(own) ? [own] : []), ...secretFiles])]
  const open: string[] = []
  for (const file of files) if (await isOpen(file)) open.push(file)
  if (open.length > 0) throw new Error(`others of this machine can read them: chmod 600 ${open.join(' ')}`)
  return files.length > 0 ? `only this account can read ${files.join(', ')}` : 'none yet; the first start makes them'
}

async function isOpen(file: string): Promise<boolean> {
  if (file.startsWith('/run/secrets/')) return false
  const { mode } = await stat(file)
  if (!(mode & OTHERS)) return false
  // Nobody gets to a file through a folder that is closed to them.
  const folder = await stat(dirname(file))
  return (folder.mode & OTHERS) !== 0
}

/** An erasure that cannot be written down is not done. Files are made beside the list, so that its folder is what counts. */
async function describeErasures(env: Env): Promise<string> {
  const file = resolve(erasuresFile(env))
  if (!(await canBeMade(file)))
    throw new Error(
      `${file} cannot be written by this account: chown its folder to it, or choose another with PASSERELLE_ERASURES`,
    )
  return `listed in ${file}; keep it with the master key, apart from the backups`
}

/** Whether they are named rightly shows in the log of the gateway alone; here it is said what holds. */
function describeProxies({ limits: { proxies }, host, publicUrl }: Env): string {
  if (proxies) return `${proxies.join(', ')} are believed when they say who asks`
  const own = 'those of this machine alone are believed when they say who asks'
  const isAlone = host === 'localhost' || host === '::1' || host.startsWith('127.')
  return isAlone || !publicUrl?.startsWith('https:')
    ? `${own} (PASSERELLE_PROXIES names others)`
    : `${own}: if what answers at ${publicUrl} is another machine, name it in PASSERELLE_PROXIES, or everybody behind it counts as one caller`
}

async function describeBackup({ dataFolder }: Env): Promise<string> {
  const last = await findLastBackup(dataFolder)
  return last ? `${last.folder} is of ${last.at}` : 'none was made here yet (passerelle backup FOLDER)'
}
