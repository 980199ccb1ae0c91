import { openGateway } from '@passerelle/gateway'
import type { Platform } from '@passerelle/platform/subgraph'
import { applyErasures, setPassword, tenancy } from '@passerelle/tenancy'
import { openDatabase } from '../database/database.ts'
import { installDemo } from '../demo/demo.ts'
import { openEngines } from '../engines/engines.ts'
import { readReadiness } from '../readiness.ts'
import { levels, personalData, sealedTables, subgraphs } from '../subgraphs.ts'
import { createEntryOptions } from './entry.ts'
import { createOwnExecutor, openOwnGraph } from './federation.ts'
import { createFindKeyHolder } from './key-holder.ts'
import type { Start, Started } from './process.ts'
import { createHearAccessEnded, createVerify } from './verify.ts'
import { findWebFolder } from './web.ts'
import { startWork } from './work.ts'

/** A database that was put back is erased again by the list, before anybody is served; one that takes longer is started once more. */
const ERASURES_MS = 30 * 60_000

/** Everything in one process: engines, subgraphs, jobs, gateway and web application. */
export async function startAll(start: Start): Promise<Started> {
  const { env, secrets, log, closers } = start
  const database = await openDatabase(start)
  const engines = await openEngines({ ...start, database })
  const platform: Platform = {
    ...engines,
    levels,
    personalData,
    sealedTables,
    readGraph: (request) => graph.readGraph(request),
  }
  const graph = await openOwnGraph(platform)
  await startWork(platform, closers)
  await applyErasures(platform, AbortSignal.timeout(ERASURES_MS))
  const askTenancy = createOwnExecutor(tenancy, platform)
  const gateway = await openGateway({
    graph,
    routes: subgraphs.flatMap(({ routes = [] }) =>
      routes.map(({ method, prefix, open }) => ({ method, prefix, handle: open(platform) })),
    ),
    verify: createVerify({ ...platform, findHolder: createFindKeyHolder(askTenancy) }),
    hearAccessEnded: createHearAccessEnded(platform),
    entry: await createEntryOptions({ env, coordination: platform.coordination, askTenancy, log, closers }),
    webFolder: findWebFolder(),
    readiness: () => readReadiness(platform),
    log: log.child({ name: 'gateway' }),
    host: env.host,
    port: env.port,
  })
  closers.add('gateway', () => gateway.drain())
  const lines = env.demo
    ? await installDemo({
        url: gateway.url,
        dataFolder: env.dataFolder,
        password: secrets.demoPassword,
        setPassword: (email, password) => setPassword(platform, { email, password }),
      })
    : []
  return { url: gateway.url, lines }
}
