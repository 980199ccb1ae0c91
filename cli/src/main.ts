/** `passerelle [verb]`: what an operator does with an installation. `npm start` is `passerelle all`. */
import { createLog, type Log } from '@passerelle/platform/log'
import { takeDataFolder } from './data-folder.ts'
import { readEnv, type Env } from './env/env.ts'
import { explainListening } from './listening.ts'
import { Obstacle } from './obstacle.ts'
import { collectTraces, run, runApart } from './processes/run.ts'
import { createSecretsText, openSecrets, readSharedSecrets } from './secrets/secrets.ts'
import { createClosers } from './shutdown.ts'
import { correct, USAGE } from './usage.ts'

type Verb = (
  env: Env,
  log: Log,
  given: { name: string; words: readonly string[]; replace: boolean },
) => void | Promise<void>

/** What a verb does is loaded when it is asked for: all of it is a third of a gigabyte, and most verbs have no use for most of it. */
const VERBS = {
  all: runAll,
  gateway: (env, log) =>
    runApart(env, log, {
      service: 'gateway',
      begin: async (start) => (await import('./processes/gateway.ts')).startGateway(start),
    }),
  subgraph: runSubgraph,
  worker: (env, log) =>
    runApart(env, log, {
      service: 'worker',
      begin: async (start) => (await import('./processes/worker.ts')).startWorker(start),
    }),
  migrate: runMigrate,
  backup: runBackup,
  restore: async (env, log, { name, replace }) =>
    (await import('./backup/restore.ts')).restore(env, log, { folder: name, replace }),
  rebuild: async (env, log, { name }) => (await import('./rebuild/rebuild.ts')).askForRebuild(env, log, name),
  doctor: runDoctor,
  password: async (env, log, { name }) => (await import('./password.ts')).printResetLink(env, log, name),
  keys: async (env, log, { name }) => (await import('./secrets/keys.ts')).changeKeys(env, log, name),
  plan: async (env, log, { words }) => (await import('./plan.ts')).changePlan(env, log, words),
  audit: runAuditVerb,
  sealing: async (env, log, { name }) => (await import('./sealing.ts')).runSealing(env, log, name),
  secrets: () => console.log(createSecretsText()),
} satisfies Record<string, Verb>

/** Verbs that are told about what. */
const NAMING = new Set<Verb>([
  VERBS.subgraph,
  VERBS.backup,
  VERBS.restore,
  VERBS.rebuild,
  VERBS.password,
  VERBS.keys,
  VERBS.sealing,
])

// What this process writes holds other people's papers.
process.umask(0o077)

try {
  await main(process.argv.slice(2).filter((argument) => argument !== '--dev'))
} catch (error) {
  console.error(error instanceof Obstacle ? error.message : (explain(error) ?? error))
  process.exit(1)
}

async function main([name = 'all', ...rest]: string[]): Promise<void> {
  if (name === 'help' || name === '--help' || name === '-h') return console.log(USAGE)
  const verb = new Map<string, Verb>(Object.entries(VERBS)).get(name)
  const options = rest.filter((argument) => argument.startsWith('--'))
  const names = rest.filter((argument) => !options.includes(argument))
  const replace = verb === VERBS.restore && options.length === 1 && options[0] === '--replace'
  const hasFaults = verb !== VERBS.audit && options.length > 0 && !replace
  if (!verb || !takes(verb, names.length) || hasFaults) throw new Obstacle(correct([name, ...rest]))
  const read = readEnv()
  if ('faults' in read) throw new Obstacle(read.faults.join('\n'))
  const service = ['passerelle', name, ...rest].join(' ')
  await verb(read.env, createLog({ name: service, level: read.env.logLevel }), {
    name: names[0] ?? '',
    words: verb === VERBS.audit ? rest : names,
    replace,
  })
}

function explain(error: unknown): string | undefined {
  const read = readEnv()
  return explainListening(error, 'env' in read ? read.env.host : undefined)
}

/** Whether so many words may follow the verb. */
function takes(verb: Verb, words: number): boolean {
  if (verb === VERBS.plan) return true
  if (verb === VERBS.audit) return words > 0
  return words === (NAMING.has(verb) ? 1 : 0)
}

async function runAll(env: Env, log: Log): Promise<void> {
  const closers = createClosers(log)
  const folder = await takeDataFolder(env.dataFolder)
  closers.add('data folder', folder.release)
  collectTraces(env, 'all', closers)
  await run({
    log,
    closers,
    onStop: () => folder.tell({ state: 'stopping' }),
    async start() {
      const { requireRestored } = await import('./backup/restore.walls.ts')
      requireRestored(env.dataFolder)
      const secrets = env.secretsFile
        ? await readSharedSecrets(env.secretsFile)
        : await openSecrets(env.dataFolder, { demoPassword: env.demoPassword })
      const { startAll } = await import('./processes/all.ts')
      const started = await startAll({ env, secrets, log, closers })
      folder.tell({ url: started.url })
      return started
    },
  })
}

async function runSubgraph(env: Env, log: Log, { name }: { name: string }): Promise<void> {
  const { subgraphs } = await import('./subgraphs.ts')
  const subgraph = subgraphs.find((one) => one.name === name)
  if (!subgraph)
    throw new Obstacle(`There is no subgraph “${name}”; there are ${subgraphs.map((one) => one.name).join(', ')}.`)
  await runApart(env, log, {
    service: name,
    begin: async (start) => (await import('./processes/subgraph.ts')).startSubgraph(start, subgraph),
  })
}

async function runMigrate(env: Env, log: Log): Promise<void> {
  // The embedded server serves one process; another's serves whoever asks, also while this one migrates it.
  const folder = env.sql ? undefined : await takeDataFolder(env.dataFolder)
  try {
    const { requireRestored } = await import('./backup/restore.walls.ts')
    requireRestored(env.dataFolder)
    const { migrateInstallation } = await import('./migrate.ts')
    await migrateInstallation(env, log)
  } finally {
    folder?.release()
  }
}

async function runBackup(env: Env, log: Log, { name }: { name: string }): Promise<void> {
  const { backUp } = await import('./backup/backup.ts')
  if (!(await backUp(env, log, name))) process.exitCode = 1
}

async function runAuditVerb(env: Env, log: Log, { words }: { words: readonly string[] }): Promise<void> {
  const { runAudit } = await import('./audit/audit.ts')
  if (!(await runAudit(env, log, words))) process.exitCode = 1
}

async function runDoctor(env: Env, log: Log): Promise<void> {
  const { diagnose } = await import('./doctor/doctor.ts')
  if (!(await diagnose(env, log))) process.exitCode = 1
}
