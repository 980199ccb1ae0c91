/** Serves the benchmark's graph in a process of its own, in one of several ways, and tells its parent how much CPU it has used. */
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { ApolloGateway, LocalGraphQLDataSource } from '@apollo/gateway'
import { ApolloServer, HeaderMap } from '@apollo/server'
import { createLocalExecutor, openGateway, openGraph } from '@passerelle/gateway'
import { createLog } from '@passerelle/platform/log'
import { createYoga } from 'graphql-yoga'
import { composeSupergraph, createLoaders, createMonolith, createSubgraphs } from './graph.ts'

const log = createLog({ name: 'bench', level: 'silent' })

const ways: Record<string, () => Promise<string>> = {
  passerelle: servePasserelle,
  yoga: serveYoga,
  apollo: serveApollo,
}

const way = ways[process.argv[2] ?? '']
if (!way || !process.send) throw new Error('This is started by the benchmark.')
process.on('message', () => process.send?.({ cpu: process.cpuUsage() }))
process.on('disconnect', () => process.exit())
process.send({ url: await way() })

function openBenchGraph() {
  const executors = Object.fromEntries(
    [...createSubgraphs()].map(([name, schema]) => [name, createLocalExecutor(schema, () => createLoaders())]),
  )
  return openGraph({ supergraphSdl: composeSupergraph(), executors, log })
}

async function servePasserelle(): Promise<string> {
  const gateway = await openGateway({
    graph: openBenchGraph(),
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

async function serveYoga(): Promise<string> {
  const schema = createMonolith(openBenchGraph().apiSchema)
  return listen(createYoga({ schema, context: () => createLoaders(), logging: false, graphqlEndpoint: '/graphql' }))
}

async function serveApollo(): Promise<string> {
  const subgraphs = createSubgraphs()
  const gateway = new ApolloGateway({
    supergraphSdl: composeSupergraph(),
    buildService({ name }) {
      const schema = subgraphs.get(name)
      if (!schema) throw new Error(`There is no ${name}.`)
      const source = new LocalGraphQLDataSource(schema)
      const process = source.process.bind(source)
      // A context of its own for each request, as everywhere else here.
      source.process = (options) => process({ ...options, context: createLoaders() })
      return source
    },
  })
  const server = new ApolloServer({ gateway, stopOnTerminationSignals: false })
  await server.start()
  return listen((request, response) => {
    let text = ''
    request.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
    request.on('end', () => {
      const headers = new HeaderMap([['content-type', 'application/json']])
      void server
        .executeHTTPGraphQLRequest({
          httpGraphQLRequest: { method: 'POST', headers, search: '', body: JSON.parse(text) },
          context: async () => ({}),
        })
        .then(({ body }) => {
          response.setHeader('content-type', 'application/json')
          response.end(body.kind === 'complete' ? body.string : '')
        })
    })
  })
}

function listen(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`))
  })
}
