import { openStatusServer } from '@passerelle/gateway'
import { applyErasures } from '@passerelle/tenancy'
import { readReadiness } from '../readiness.ts'
import { openSharedPlatform } from './apart.ts'
import type { Start, Started } from './process.ts'
import { startWork } from './work.ts'

/** How long what was erased may take to be erased again from a database that was put back. */
const ERASURES_MS = 30 * 60_000

/** Does the jobs of every subgraph and hears the facts; says how it is, and nothing else, over HTTP. */
export async function startWorker(start: Start): Promise<Started> {
  const { env, log, closers } = start
  const platform = await openSharedPlatform(start)
  await startWork(platform, closers)
  await applyErasures(platform, AbortSignal.timeout(ERASURES_MS))
  const server = await openStatusServer({
    readiness: () => readReadiness(platform),
    log: log.child({ name: 'worker' }),
    host: env.host,
    port: env.port,
  })
  closers.add('status', () => server.close())
  return { url: server.url, lines: [] }
}
