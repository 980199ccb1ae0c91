/** Serves one subscription, behind our gateway or a bare graphql-ws server, and publishes an event whenever its parent says so. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buildSubgraphSchema } from '@apollo/subgraph'
import { createLocalExecutor, openGateway, openGraph } from '@passerelle/gateway'
import { createChannel, type Channel } from '@passerelle/platform/facts/channel'
import { createLog } from '@passerelle/platform/log'
import { assertCompositionSuccess, composeServices } from '@theguild/federation-composition'
import { parse, type GraphQLSchema } from 'graphql'
import { useServer } from 'graphql-ws/use/ws'
import { WebSocketServer } from 'ws'

interface Tick {
  id: string
  sentAt: number
}

const typeDefs = parse(`
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.6", import: ["@key"])
  type Query { now: Float! }
  type Subscription { tick: Tick! }
  type Tick { id: ID! sentAt: Float! }`)

const listeners = new Set<Channel<Tick>>()

const schema: GraphQLSchema = buildSubgraphSchema([
  {
    typeDefs,
    resolvers: {
      Query: { now: () => Date.now() },
      Subscription: { tick: { subscribe: listen, resolve: (tick: Tick) => tick } },
    },
  },
])

const ways: Record<string, () => Promise<string>> = { passerelle: servePasserelle, bare: serveBare }
const way = ways[process.argv[2] ?? '']
if (!way || !process.send) throw new Error('This is started by the benchmark.')
process.on('disconnect', () => process.exit())
process.on('message', (message) => {
  if (message === 'cpu') process.send?.({ cpu: process.cpuUsage() })
  else publish()
})
process.send({ url: await way() })

function listen(): Channel<Tick> {
  const channel = createChannel<Tick>(() => listeners.delete(channel))
  listeners.add(channel)
  return channel
}

let ticks = 0
function publish(): void {
  const tick = { id: String(ticks++), sentAt: performance.timeOrigin + performance.now() }
  for (const listener of listeners) listener.push(tick)
}

async function servePasserelle(): Promise<string> {
  const composed = composeServices([{ name: 'clock', typeDefs, url: 'http://clock' }])
  assertCompositionSuccess(composed)
  const log = createLog({ name: 'bench', level: 'silent' })
  const gateway = await openGateway({
    graph: openGraph({
      supergraphSdl: composed.supergraphSdl,
      executors: { clock: createLocalExecutor(schema, () => ({})) },
      log,
    }),
    routes: [],
    verify: async () => null,
    webFolder: null,
    readiness: async () => ({ ready: true, engines: {} }),
    log,
    host: '127.0.0.1',
    port: 0,
  })
  return `${gateway.url.replace('http', 'ws')}/graphql`
}

function serveBare(): Promise<string> {
  const server = createServer()
  useServer({ schema }, new WebSocketServer({ server, path: '/graphql' }))
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve(`ws://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`))
  })
}
