import { openSubgraphServer } from '@passerelle/gateway'
import { openViewerTokens } from '@passerelle/platform/identity/viewers'
import type { Subgraph } from '@passerelle/platform/subgraph'
import { readReadiness } from '../readiness.ts'
import { openSharedPlatform } from './apart.ts'
import { createOwnExecutor } from './federation.ts'
import type { Start, Started } from './process.ts'

/** One subgraph, for gateways and for the other processes. Its jobs are done by workers. */
export async function startSubgraph(start: Start, subgraph: Subgraph): Promise<Started> {
  const { env, secrets, log, closers } = start
  const platform = await openSharedPlatform(start)
  const server = await openSubgraphServer({
    name: subgraph.name,
    executor: createOwnExecutor(subgraph, platform),
    routes: (subgraph.routes ?? []).map(({ method, prefix, open }) => ({ method, prefix, handle: open(platform) })),
    verifyViewer: openViewerTokens(secrets).verify,
    readiness: () => readReadiness(platform),
    log: log.child({ name: subgraph.name }),
    host: env.host,
    port: env.port,
  })
  closers.add(subgraph.name, () => server.drain())
  return { url: server.url, lines: [] }
}
