import { setTimeout as sleep } from 'node:timers/promises'
import type { Log } from '@passerelle/platform/log'
import { startTracing } from '@passerelle/platform/telemetry'
import type { Env } from '../env/env.ts'
import { readSharedSecrets } from '../secrets/secrets.ts'
import { createClosers, onShutdown, type Closers } from '../shutdown.ts'
import type { Start, Started } from './process.ts'

/** A stop that comes while the engines start waits this long, so that each is either not begun or can be closed. */
const START_GRACE_MS = 10_000

interface Running {
  log: Log
  closers: Closers
  start(): Promise<Started>
  /** The first thing that is done when it is asked to end. */
  onStop?(): void
}

interface Apart {
  service: string
  begin(start: Start): Promise<Started>
}

/** Starts, says that it is ready, and ends in order when it is asked to or cannot start. */
export async function run({ log, closers, start, onStop }: Running): Promise<void> {
  const starting = start()
  onShutdown({
    log,
    async stop() {
      onStop?.()
      await Promise.race([starting.catch(() => {}), sleep(START_GRACE_MS)])
      await closers.closeAll()
    },
  })
  try {
    const { url, lines } = await starting
    for (const line of lines) console.log(line)
    console.log(`ready ${url}`)
  } catch (error) {
    await closers.closeAll()
    throw error
  }
}

/** Sends spans to the collector of the settings, when they name one, until it is closed. */
export function collectTraces({ traces: endpoint }: Env, service: string, closers: Closers): void {
  if (!endpoint) return
  const tracing = startTracing({ endpoint, service: `passerelle ${service}` })
  closers.add('traces', () => tracing.close())
}

/** Runs a process that shares its engines with others. */
export async function runApart(env: Env, log: Log, { service, begin }: Apart): Promise<void> {
  const closers = createClosers(log)
  collectTraces(env, service, closers)
  await run({
    log,
    closers,
    async start() {
      const { requireRestored } = await import('../backup/restore.walls.ts')
      requireRestored(env.dataFolder)
      const { requireSetting } = await import('./apart.ts')
      const secrets = await readSharedSecrets(requireSetting('PASSERELLE_SECRETS', env.secretsFile))
      return begin({ env, secrets, log, closers })
    },
  })
}
