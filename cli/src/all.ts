import { readFile } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { createLocalExecutor, openGateway, openGraph, type Graph, type Verify } from '@passerelle/gateway'
import { revokedSessionKey } from '@passerelle/platform/identity'
import type { Log } from '@passerelle/platform/log'
import type { Platform } from '@passerelle/platform/subgraph'
import { setPassword } from '@passerelle/tenancy'
import { openDatabase } from './database.ts'
import { installDemo } from './demo/demo.ts'
import { openEngines } from './engines.ts'
import type { Env } from './env.ts'
import { readReadiness } from './readiness.ts'
import type { Secrets } from './secrets.ts'
import type { Closers } from './shutdown.ts'
import { subgraphs } from './subgraphs.ts'

const supergraphFile = new URL('../../graph-schema/supergraph.graphql', import.meta.url)
const webFolder = fileURLToPath(new URL('../../web/dist/', import.meta.url))

/**
 * Everything in one process: engines, subgraphs, jobs, gateway and web application. Answers where it listens and what to print before that;
 * `closers` knows how to end it.
 */
export async function startAll({
  env,
  secrets,
  log,
  closers,
}: {
  env: Env
  secrets: Secrets
  log: Log
  closers: Closers
}): Promise<{ url: string; lines: string[] }> {
  const database = await openDatabase({ env, log, closers })
  const engines = await openEngines({ env, secrets, log, closers, database })
  const platform: Platform = { ...engines, readGraph: (request) => graph.readGraph(request) }
  const graph = await openFederation(platform)
  for (const subgraph of subgraphs) {
    const work = await subgraph.work?.(platform)
    if (work) closers.add(`${subgraph.name}'s work`, () => work.stop())
  }
  const gateway = await openGateway({
    graph,
    routes: subgraphs.flatMap(({ routes }) => routes?.(platform) ?? []),
    verify: createVerify(platform),
    webFolder: existsSync(webFolder) ? webFolder : null,
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

async function openFederation(platform: Platform): Promise<Graph> {
  const executors = subgraphs.map((subgraph) => {
    const log = platform.log.child({ name: subgraph.name })
    const executor = createLocalExecutor(subgraph.schema, ({ viewer, requestId, signal }) =>
      subgraph.createContext(platform, { viewer, requestId, signal, log }),
    )
    return [subgraph.name, executor] as const
  })
  return openGraph({
    supergraphSdl: await readFile(supergraphFile, 'utf8'),
    executors: Object.fromEntries(executors),
    log: platform.log.child({ name: 'graph' }),
  })
}

/** A token holds when it is ours, alive, and its session has not been ended. */
function createVerify({ keys, coordination }: Platform): Verify {
  return async (token) => {
    const verified = await keys.verifyAccessToken(token)
    if (!verified) return null
    const { organizationId, sessionId } = verified.viewer
    return (await coordination.memory.get(organizationId, revokedSessionKey(sessionId ?? ''))) === null
      ? verified
      : null
  }
}
