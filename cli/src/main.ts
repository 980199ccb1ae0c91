/** `passerelle [verb]`: what an operator does with an installation. `npm start` is `passerelle all`. */
import { setTimeout as sleep } from 'node:timers/promises'
import { createLog, type Log } from '@passerelle/platform/log'
import { startAll } from './all.ts'
import { takeDataFolder, type DataFolder } from './data-folder.ts'
import { diagnose } from './doctor.ts'
import { readEnv, type Env } from './env.ts'
import { migrateInstallation } from './migrate.ts'
import { Obstacle } from './obstacle.ts'
import { openSecrets } from './secrets.ts'
import { createClosers, onShutdown, type Closers } from './shutdown.ts'

const USAGE = `Usage: passerelle [verb]

  all       everything in one process: engines, subgraphs, jobs, gateway and web application (the default)
  migrate   bring the database to the state this version needs, and end
  doctor    say what works here and what does not

Settings are environment variables; README.md lists them.`

/** A stop that comes while the engines start waits this long, so that each is either not begun or can be closed. */
const START_GRACE_MS = 10_000

const VERBS = { all: runAll, migrate: runMigrate, doctor: runDoctor }

// What this process writes holds other people's papers.
process.umask(0o077)

try {
  await main(process.argv.slice(2).filter((argument) => argument !== '--dev'))
} catch (error) {
  console.error(error instanceof Obstacle ? error.message : (explainPort(error) ?? error))
  process.exit(1)
}

async function main([verb = 'all', ...rest]: string[]): Promise<void> {
  if (verb === 'help' || verb === '--help' || verb === '-h') return console.log(USAGE)
  const run = rest.length === 0 ? Object.entries(VERBS).find(([name]) => name === verb)?.[1] : undefined
  if (!run) throw new Obstacle(`There is no “${[verb, ...rest].join(' ')}”.\n\n${USAGE}`)
  const read = readEnv()
  if ('faults' in read) throw new Obstacle(read.faults.join('\n'))
  await run(read.env, createLog({ name: 'passerelle', level: read.env.logLevel }))
}

async function runAll(env: Env, log: Log): Promise<void> {
  const closers = createClosers(log)
  const folder = await takeDataFolder(env.dataFolder)
  closers.add('data folder', folder.release)
  const starting = start({ env, log, closers, folder })
  onShutdown({
    log,
    async stop() {
      folder.tell({ state: 'stopping' })
      await Promise.race([starting.catch(() => {}), sleep(START_GRACE_MS)])
      await closers.closeAll()
    },
  })
  await starting.catch(async (error: unknown) => {
    await closers.closeAll()
    throw error
  })
}

async function start({
  env,
  log,
  closers,
  folder,
}: {
  env: Env
  log: Log
  closers: Closers
  folder: DataFolder
}): Promise<void> {
  const secrets = await openSecrets(env.dataFolder, { demoPassword: env.demoPassword })
  const { url, lines } = await startAll({ env, secrets, log, closers })
  folder.tell({ url })
  for (const line of lines) console.log(line)
  console.log(`ready ${url}`)
}

function explainPort(error: unknown): string | undefined {
  const { code, port } = error as NodeJS.ErrnoException & { port?: number }
  return code === 'EADDRINUSE'
    ? `Port ${port} is taken by another program: stop that, or choose another with PORT.`
    : undefined
}

async function runMigrate(env: Env, log: Log): Promise<void> {
  // The embedded server serves one process; another's serves whoever asks, also while this one migrates it.
  const folder = env.sql ? undefined : await takeDataFolder(env.dataFolder)
  try {
    await migrateInstallation(env, log)
  } finally {
    folder?.release()
  }
}

async function runDoctor(env: Env, log: Log): Promise<void> {
  if (!(await diagnose(env, log))) process.exitCode = 1
}
