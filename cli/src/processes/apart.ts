import type { Platform } from '@passerelle/platform/subgraph'
import { openDatabase } from '../database/database.ts'
import { openEngines } from '../engines/engines.ts'
import { Obstacle } from '../obstacle.ts'
import { openRemoteGraph } from './federation.ts'
import { levels, personalData, sealedTables } from '../subgraphs.ts'
import type { Start } from './process.ts'

/** A setting without which a process that runs apart cannot work. Throws an `Obstacle` that names it. */
export function requireSetting<Value>(name: string, value: Value | undefined): Value {
  if (value === undefined)
    throw new Obstacle(
      `${name} is not set. Processes that run apart share their engines: README.md says which settings they need, and \`passerelle all\` needs none.`,
    )
  return value
}

/** The engines that several processes share, and the graph of the subgraphs' processes. */
export async function openSharedPlatform(start: Start): Promise<Platform> {
  const { sql, graph: graphStore, coordination, vectors, blobs } = start.env
  const needed = {
    SQL_URL: sql,
    GRAPH_URL: graphStore,
    COORDINATION_URL: coordination,
    VECTORS_URL: vectors,
    BLOBS_URL: blobs,
  }
  for (const [name, value] of Object.entries<unknown>(needed)) requireSetting(name, value)
  const database = await openDatabase(start)
  const engines = await openEngines({ ...start, database })
  const { graph } = await openRemoteGraph(start)
  return { ...engines, levels, personalData, sealedTables, readGraph: (request) => graph.readGraph(request) }
}
