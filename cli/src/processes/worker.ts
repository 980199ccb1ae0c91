import { openStatusServer } from '@passerelle/gateway'
import { readReadiness } from '../readiness.ts'
import { openSharedPlatform } from './apart.ts'
import type { Start, Started } from './process.ts'
import { startWork } from './work.ts'

/** Does the jobs of every subgraph and hears the facts; says how it is, and nothing else, over HTTP. */
export async function startWorker(start: Start): Promise<Started> {
  const { env, log, closers } = start
  const platform = await openSharedPlatform(start)
  await startWork(platform, closers)
  const server = await openStatusServer({
    readiness: () => readReadiness(platform),
    log: log.child({ name: 'worker' }),
    host: env.host,
    port: env.port,
  })
  closers.add('status', () => server.close())
  return { url: server.url, lines: [] }
}
