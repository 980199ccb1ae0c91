import { createHash } from 'node:crypto'
import { accessSync, constants, existsSync, mkdirSync, readFileSync, statfsSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { Obstacle, prepare } from './child.mjs'
import { withLock } from './lock.mjs'

const PNPM = 'pnpm@12.21.0'
const NODE_MAJOR = 24
const NEEDED_BYTES = 2 * 1024 ** 3
const PROGRESS_MS = 5_000

/**
 * Installs the packages that the lockfile names, unless that has been done. Two starts at once install once.
 * Throws an `Obstacle` when the registry does not answer, the disk is full or this machine has no Node to run on.
 */
export async function install(root) {
  const stamp = installationStamp(root)
  const done = () => readText(join(root, 'node_modules/.installed')) === stamp && existsSync(findNode(root))
  if (done()) return
  await withLock(join(root, '.cache/install.lock'), async () => {
    if (done()) return
    checkMachine(root)
    await runPnpm(root)
    writeFileSync(join(root, 'node_modules/.installed'), stamp)
  })
}

/** The Node that runs TypeScript: the system's when it is new enough, or else the one that was installed. */
export function findNode(root) {
  return systemNodeWillDo() ? process.execPath : pinnedNode(root)
}

function systemNodeWillDo() {
  return Number(process.versions.node.split('.')[0]) >= NODE_MAJOR
}

function pinnedNode(root) {
  return join(root, `tools/node/node_modules/node-${process.platform}-${process.arch}/bin/node`)
}

function installationStamp(root) {
  const hash = createHash('sha256')
  for (const file of ['pnpm-lock.yaml', 'pnpm-workspace.yaml']) hash.update(readFileSync(join(root, file)))
  return hash.update(`${PNPM} ${process.platform} ${process.arch}`).digest('hex')
}

function checkMachine(root) {
  const { optionalDependencies } = JSON.parse(readFileSync(join(root, 'tools/node/package.json'), 'utf8'))
  if (!systemNodeWillDo() && !(`node-${process.platform}-${process.arch}` in optionalDependencies)) {
    throw new Obstacle(
      `Passerelle needs Node ${NODE_MAJOR} on this machine, and this is Node ${process.versions.node}: install it from https://nodejs.org and start again.`,
    )
  }
  const { bavail, bsize } = statfsSync(root)
  if (bavail * bsize < NEEDED_BYTES) {
    throw new Obstacle(
      `The installation needs 2 GB, and the disk of ${root} has ${((bavail * bsize) / 1024 ** 3).toFixed(1)} GB left: free some space and start again.`,
    )
  }
}

async function runPnpm(root) {
  console.error('Installing packages (once; about half a minute) …')
  const args = ['exec', '--yes', '--', PNPM, 'install', '--frozen-lockfile', '--reporter=append-only']
  if (systemNodeWillDo()) args.push('--filter=!./tools/node')
  const env = { ...process.env, ...pnpmEnvironment(root) }
  const { code, output } = await prepare({ command: 'npm', args, cwd: root, env, onText: createProgress() }).catch(
    (error) => {
      throw error.code === 'ENOENT'
        ? new Obstacle('npm is not on the PATH: install it with Node and start again.')
        : error
    },
  )
  if (code !== 0) throw new Obstacle(explain(output))
}

/** Accounts of services often have no home; pnpm and npm then keep their stores beside the repository's other caches. */
function pnpmEnvironment(root) {
  const patience = {
    CI: 'true',
    npm_config_fetch_retries: '1',
    npm_config_fetch_timeout: '30000',
    npm_config_update_notifier: 'false',
  }
  try {
    accessSync(homedir(), constants.W_OK)
    return patience
  } catch {
    const home = join(root, '.cache/home')
    mkdirSync(home, { recursive: true })
    return { ...patience, HOME: home }
  }
}

function createProgress() {
  let shown = Date.now()
  return (text) => {
    if (Date.now() - shown < PROGRESS_MS) return
    const progress = [...text.matchAll(/Progress: resolved (\d+).*?added (\d+)/g)].at(-1)
    if (!progress) return
    shown = Date.now()
    console.error(`  ${progress[2]} of ${progress[1]} packages`)
  }
}

const CAUSES = [
  [/ENOSPC/, 'The disk filled up while packages were installed: free some space and start again.'],
  [
    /ENOTFOUND|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EAI_AGAIN|SOCKET_TIMEOUT|FETCH_FAIL/,
    'The package registry does not answer (npm config get registry says which one): check the network or the proxy and start again.',
  ],
  [/EACCES|EPERM/, 'This account may not write where packages have to go: start as the account that owns this folder.'],
]

function explain(output) {
  const lines = output.trim().split('\n')
  for (const [pattern, sentence] of CAUSES) {
    const line = lines.find((text) => pattern.test(text))
    if (line) return `${sentence}\n  ${line.trim()}`
  }
  return `The packages could not be installed:\n${lines.slice(-12).join('\n')}`
}

function readText(file) {
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined
}
