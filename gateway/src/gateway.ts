import { createServer } from 'node:http'
import type { Log } from '@passerelle/platform/log'
import type { Route } from '@passerelle/platform/subgraph'
import type { Graph } from './graph.ts'
import type { Verify } from './identity/identity.ts'
import { createEntry, type EntryOptions } from './server/entry.ts'
import { openExplorer } from './server/explorer.ts'
import { openGraphqlHttp } from './server/graphql-http.ts'
import { openGraphqlWs } from './server/graphql-ws.ts'
import { createHandler } from './server/handle.ts'
import type { Readiness } from './server/own-doors.ts'
import { closeServer, listen } from './server/listen.ts'
import { openWebFolder } from './server/web-folder.ts'

export interface GatewayOptions {
  graph: Graph
  /** Plain HTTP of the subgraphs, such as an upload's bytes. */
  routes: readonly Route[]
  verify: Verify
  /** Has the listener called with an organisation in which somebody has lost access, whose connections are then looked at again at once. */
  hearAccessEnded?(listener: (organizationId: string) => void): void
  /** What callers may ask, and how much; anything within the limits of one operation unless told. */
  entry?: EntryOptions
  /** The web application's build; null serves none. */
  webFolder: string | null
  /** Asked by `/readyz`. */
  readiness(): Promise<Readiness>
  log: Log
  host: string
  /** 0 takes a free one. */
  port: number
}

export interface Gateway {
  /** Where it listens: `http://127.0.0.1:4000`. */
  url: string
  /**
   * Takes no new connections, closes WebSockets so that clients go elsewhere, and lets the requests that are under way finish; those that
   * take longer than `milliseconds` are cut off. Resolves when none is left.
   */
  drain(milliseconds?: number): Promise<void>
}

/** Opens the public door. Rejects when the port is taken (EADDRINUSE). */
export async function openGateway(options: GatewayOptions): Promise<Gateway> {
  const { graph, routes, verify, webFolder, log, host, port } = options
  let draining = false
  const readiness = async (): Promise<Readiness> => {
    const now = await options.readiness()
    return draining ? { ...now, ready: false } : now
  }
  const entry = createEntry({ graph, log, options: options.entry ?? {} })
  const graphql = await openGraphqlHttp({ entry, verify })
  const server = createServer(
    createHandler({
      graphql,
      explorer: openExplorer(),
      routes,
      web: openWebFolder(webFolder),
      rates: entry.rates,
      callerOf: entry.callerOf,
      readiness,
      log,
    }),
  )
  // An upload over a slow line takes its time; a connection that says nothing does not get it.
  server.requestTimeout = 3_600_000
  server.headersTimeout = 20_000
  server.keepAliveTimeout = 65_000
  const sockets = openGraphqlWs({ entry, verify, server })
  options.hearAccessEnded?.(sockets.recheck)
  const url = await listen(server, { host, port })
  return {
    url,
    async drain(milliseconds = 10_000) {
      if (draining) return
      draining = true
      const closed = closeServer(server, milliseconds)
      await sockets.close()
      await closed
      await graphql.stop()
    },
  }
}
