import { openViewerTokens } from '@passerelle/platform/identity/viewers'
import { createLog, type Log } from '@passerelle/platform/log'
import type { Route } from '@passerelle/platform/subgraph'
import { createLocalExecutor } from '../executors/local.ts'
import type { SubgraphRequest } from '../engine/subgraph-request.ts'
import { openRemoteSubgraph, type RemoteSubgraph } from '../remote/remote-subgraph.ts'
import { openSubgraphServer, type SubgraphServer } from '../remote/subgraph-server.ts'
import { openTown, type Town } from './open-town.ts'
import { createTown } from './town.ts'
import { toSchema } from './compose.ts'
import { createRecords, type Records } from './records.ts'

/** The test graph whose subgraphs are each behind servers of their own. */
export interface RemoteTown extends Town {
  tokens: ReturnType<typeof openViewerTokens>
  remotes: Record<string, RemoteSubgraph>
  /** The servers of a subgraph, in the order in which they are asked. */
  servers: Record<string, SubgraphServer[]>
  /** What reached the servers. */
  received: SubgraphRequest[]
  close(): Promise<void>
}

/** `copies` servers for each subgraph, all on the same records; `routes` are those of people. Every request waits for `before`. */
export async function openRemoteTown({
  copies = 1,
  routes = [],
  log = createLog({ name: 'remote-test', level: 'silent' }),
  before = async () => undefined,
}: {
  copies?: number
  routes?: Route[]
  log?: Log
  before?(request: SubgraphRequest): Promise<unknown>
} = {}): Promise<RemoteTown> {
  const records: Records = createRecords()
  const tokens = openViewerTokens({ tokenKey: new Uint8Array(32).fill(1) })
  const servers: Record<string, SubgraphServer[]> = {}
  const received: SubgraphRequest[] = []
  for (const subgraph of createTown(records)) {
    const local = createLocalExecutor(toSchema(subgraph), () => ({}))
    const open = (): Promise<SubgraphServer> =>
      openSubgraphServer({
        name: subgraph.name,
        executor: async (request) => {
          received.push(request)
          await before(request)
          return local(request)
        },
        routes: subgraph.name === 'people' ? routes : [],
        verifyViewer: tokens.verify,
        readiness: async () => ({ ready: true, engines: {} }),
        log,
        host: '127.0.0.1',
        port: 0,
      })
    servers[subgraph.name] = await Promise.all(Array.from({ length: copies }, open))
  }
  const remotes = Object.fromEntries(
    Object.entries(servers).map(([name, of]) => [
      name,
      openRemoteSubgraph({ name, urls: of.map(({ url }) => url), signViewer: tokens.sign }),
    ]),
  )
  const executors = Object.fromEntries(Object.entries(remotes).map(([name, { executor }]) => [name, executor]))
  const town = openTown({ subgraphs: () => createTown(records), executors })
  return {
    ...town,
    records,
    tokens,
    remotes,
    servers,
    received,
    async close() {
      await Promise.all(Object.values(remotes).map((remote) => remote.close()))
      await Promise.all(Object.values(servers).flatMap((of) => of.map((server) => server.drain(0))))
    },
  }
}
