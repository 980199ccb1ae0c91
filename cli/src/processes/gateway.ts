import { openGateway, type RemoteSubgraph } from '@passerelle/gateway'
import { openRedisCoordination } from '@passerelle/platform/coordination/redis'
import type { Route } from '@passerelle/platform/subgraph'
import { observed } from '@passerelle/platform/telemetry'
import { Obstacle } from '../obstacle.ts'
import { askAll, engineAnswers, type Answers } from '../readiness.ts'
import { followTokenKeys } from '../secrets/follow.ts'
import { subgraphs } from '../subgraphs.ts'
import { requireSetting } from './apart.ts'
import { createEntryOptions } from './entry.ts'
import { openRemoteGraph } from './federation.ts'
import { createFindKeyHolder } from './key-holder.ts'
import type { Start, Started } from './process.ts'
import { createHearAccessEnded, createVerify } from './verify.ts'
import { findWebFolder } from './web.ts'

/** The public door alone: it keeps nothing, knows who asks, and hands everything on to the processes of the subgraphs. */
export async function startGateway(start: Start): Promise<Started> {
  const { env, secrets, log, closers } = start
  const redis = requireSetting('COORDINATION_URL', env.coordination)
  const redisCoordination = await openRedisCoordination({ ...redis, log: log.child({ name: 'coordination' }) })
  const coordination = observed('coordination', redisCoordination)
  closers.add('coordination', () => coordination.close())
  const { graph, remotes } = await openRemoteGraph(start)
  const { executor: askTenancy } = requireTenancy(remotes)
  const gateway = await openGateway({
    graph,
    routes: createRoutes(remotes),
    verify: createVerify({
      keys: followTokenKeys({ env, secrets, log, closers }),
      coordination,
      findHolder: createFindKeyHolder(askTenancy),
    }),
    hearAccessEnded: createHearAccessEnded({ coordination, log }),
    entry: await createEntryOptions({ env, coordination, askTenancy, log, closers }),
    webFolder: findWebFolder(),
    // A subgraph that is away takes its own fields along; without tenancy nobody comes in.
    readiness: () => askAll({ coordination: () => engineAnswers(coordination), ...answersOf(remotes) }, ['tenancy']),
    log: log.child({ name: 'gateway' }),
    host: env.host,
    port: env.port,
  })
  closers.add('gateway', () => gateway.drain())
  return { url: gateway.url, lines: [] }
}

/** Who holds an API key is asked there. */
function requireTenancy(remotes: ReadonlyMap<string, RemoteSubgraph>): RemoteSubgraph {
  const tenancy = remotes.get('tenancy')
  if (!tenancy) throw new Obstacle('SUBGRAPH_TENANCY_URL is not set: say where tenancy runs.')
  return tenancy
}

function createRoutes(remotes: ReadonlyMap<string, RemoteSubgraph>): Route[] {
  return subgraphs.flatMap(({ name, routes = [] }) => {
    const remote = remotes.get(name)
    return remote ? routes.map(({ method, prefix }) => ({ method, prefix, handle: remote.forward })) : []
  })
}

function answersOf(remotes: ReadonlyMap<string, RemoteSubgraph>): Record<string, Answers> {
  return Object.fromEntries([...remotes].map(([name, remote]) => [name, () => remote.answers()]))
}
