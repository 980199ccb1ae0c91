/** Serves the small town of the gateway's tests, behind our gateway or behind Apollo Server with GraphQL Armor, and says what its memory is when asked. */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { ApolloServer, type ApolloServerPlugin } from '@apollo/server'
import { startStandaloneServer } from '@apollo/server/standalone'
import { ApolloArmor } from '@escape.tech/graphql-armor'
import { openGateway, openGraph } from '@passerelle/gateway'
import { openTown } from '@passerelle/gateway/town/testing'
import { createLog } from '@passerelle/platform/log'

const ways: Record<string, () => Promise<string>> = { passerelle: servePasserelle, armor: serveArmor }
const way = ways[process.argv[2] ?? '']
if (!way || !process.send) throw new Error('This is started by the benchmark.')
process.on('disconnect', () => process.exit())

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

let peak = 0
const watch = (): void => {
  peak = Math.max(peak, process.memoryUsage().rss)
}
process.on('message', (message) => {
  if (message === 'begin') {
    collect()
    peak = 0
  }
  watch()
  process.send?.({ cpu: process.cpuUsage(), rss: peak })
})
setInterval(watch, 5)
process.send({ url: await way() })

async function servePasserelle(): Promise<string> {
  const log = createLog({ name: 'bench', level: 'silent' })
  const { supergraphSdl, executors } = openTown()
  const gateway = await openGateway({
    graph: openGraph({ supergraphSdl, executors, log }),
    routes: [],
    verify: async () => null,
    webFolder: null,
    readiness: async () => ({ ready: true, engines: {} }),
    log,
    host: '127.0.0.1',
    port: 0,
  })
  return `${gateway.url}/graphql`
}

/** As its documentation sets it up, with its own defaults. */
async function serveArmor(): Promise<string> {
  const { plugins, validationRules } = new ApolloArmor().protect()
  const server = new ApolloServer({
    schema: openTown().monolith,
    // Its types are those of Apollo Server's other build.
    plugins: plugins as ApolloServerPlugin[],
    validationRules,
    introspection: false,
    includeStacktraceInErrorResponses: false,
  })
  const { url } = await startStandaloneServer(server, { listen: { port: 0, host: '127.0.0.1' } })
  return url
}
