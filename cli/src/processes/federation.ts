import { readFile } from 'node:fs/promises'
import {
  createLocalExecutor,
  openGraph,
  openRemoteSubgraph,
  type Executor,
  type Graph,
  type RemoteSubgraph,
} from '@passerelle/gateway'
import { openViewerTokens } from '@passerelle/platform/identity/viewers'
import type { Log } from '@passerelle/platform/log'
import { contracts } from '@passerelle/platform/schema'
import type { Platform, Subgraph } from '@passerelle/platform/subgraph'
import { Obstacle } from '../obstacle.ts'
import { subgraphs } from '../subgraphs.ts'
import { listSizes } from './list-sizes.ts'
import type { Start } from './process.ts'

const generated = (name: string): Promise<string> =>
  readFile(new URL(`../../../graph-schema/${name}`, import.meta.url), 'utf8')

/** Answers a subgraph's operations in this process. */
export function createOwnExecutor(subgraph: Subgraph, platform: Platform): Executor {
  const log = platform.log.child({ name: subgraph.name })
  return createLocalExecutor(subgraph.schema, ({ viewer, requestId, caller, signal }) =>
    subgraph.createContext(platform, { viewer, requestId, caller, signal, log }),
  )
}

/** The graph of subgraphs that are all in this process. */
export function openOwnGraph(platform: Platform): Promise<Graph> {
  const executors = subgraphs.map((subgraph) => [subgraph.name, createOwnExecutor(subgraph, platform)] as const)
  return openSupergraph(Object.fromEntries(executors), platform.log)
}

/** The graph of subgraphs that run in processes of their own, and the way to each. */
export async function openRemoteGraph({ env, secrets, log, closers }: Start): Promise<{
  graph: Graph
  remotes: ReadonlyMap<string, RemoteSubgraph>
}> {
  const { sign } = openViewerTokens(secrets)
  const remotes = new Map<string, RemoteSubgraph>()
  for (const [name, urls] of Object.entries(env.subgraphUrls)) {
    if (urls.length === 0) throw new Obstacle(`SUBGRAPH_${name.toUpperCase()}_URL is not set: say where ${name} runs.`)
    const remote = openRemoteSubgraph({ name, urls, signViewer: sign })
    closers.add(`the way to ${name}`, () => remote.close())
    remotes.set(name, remote)
  }
  const executors = Object.fromEntries([...remotes].map(([name, { executor }]) => [name, executor]))
  return { graph: await openSupergraph(executors, log), remotes }
}

async function openSupergraph(executors: Readonly<Record<string, Executor>>, log: Log): Promise<Graph> {
  const operationNames = new Set(JSON.parse(await generated('operations.json')) as string[])
  const supergraphSdl = await generated('supergraph.graphql')
  const sdls = await Promise.all(contracts.map(async (name) => [name, await generated(`${name}.graphql`)] as const))
  const contractSdls = Object.fromEntries(sdls)
  const given = { supergraphSdl, contractSdls, executors, operationNames, listSizes }
  return openGraph({ ...given, log: log.child({ name: 'graph' }) })
}
