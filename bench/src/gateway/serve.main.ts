/** Serves the benchmark's graph in a process of its own, in one of several ways, and tells its parent how much CPU it has used. */
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { ApolloGateway, LocalGraphQLDataSource, RemoteGraphQLDataSource, type GraphQLDataSource } from '@apollo/gateway'
import { ApolloServer, HeaderMap } from '@apollo/server'
import { createLocalExecutor, openGateway, openGraph, openRemoteSubgraph, type Graph } from '@passerelle/gateway'
import { openViewerTokens } from '@passerelle/platform/identity/viewers'
import { createLog } from '@passerelle/platform/log'
import { createYoga } from 'graphql-yoga'
import { composeSupergraph, createLoaders, createMonolith, createSubgraphs } from './graph.ts'

const log = createLog({ name: 'bench', level: 'silent' })

const ways: Record<string, () => Promise<string>> = {
  passerelle: servePasserelle,
  yoga: serveYoga,
  apollo: () => serveApollo(composeSupergraph(), localSource),
  subgraphs: serveSubgraphs,
  passerelleRemote: servePasserelleRemote,
  apolloRemote: () => serveApollo(composeSupergraph(JSON.parse(given) as Urls), remoteSource),
  hiveRemote: serveHive,
}

type Urls = Record<string, string>

const given = process.argv[3] ?? ''

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

function servePasserelle(): Promise<string> {
  return serveGraph(openBenchGraph())
}

function servePasserelleRemote(): Promise<string> {
  const urls = JSON.parse(given) as Urls
  const { sign } = openViewerTokens({ tokenKey: new Uint8Array(32) })
  const executors = Object.entries(urls).map(([name, url]) => {
    const { executor } = openRemoteSubgraph({ name, urls: [new URL(url).origin], signViewer: sign })
    return [name, executor]
  })
  return serveGraph(
    openGraph({ supergraphSdl: composeSupergraph(urls), executors: Object.fromEntries(executors), log }),
  )
}

async function serveGraph(graph: Graph): Promise<string> {
  const gateway = await openGateway({
    graph,
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

/** Every subgraph on a port of its own; answers their addresses. */
async function serveSubgraphs(): Promise<string> {
  const urls: Urls = {}
  for (const [name, schema] of createSubgraphs())
    urls[name] = await listen(
      createYoga({ schema, context: () => createLoaders(), logging: false, graphqlEndpoint: '/graphql' }),
    )
  return JSON.stringify(urls)
}

async function serveHive(): Promise<string> {
  const { urls, hive } = JSON.parse(given) as { urls: string; hive: string }
  const { createGatewayRuntime } = (await import(hive)) as { createGatewayRuntime(options: object): RequestListener }
  return listen(
    createGatewayRuntime({
      supergraph: composeSupergraph(JSON.parse(urls) as Urls),
      logging: false,
      graphqlEndpoint: '/graphql',
    }),
  )
}

async function serveYoga(): Promise<string> {
  const schema = createMonolith(openBenchGraph().apiSchema)
  return listen(createYoga({ schema, context: () => createLoaders(), logging: false, graphqlEndpoint: '/graphql' }))
}

function localSource({ name }: { name: string }): GraphQLDataSource {
  const schema = createSubgraphs().get(name)
  if (!schema) throw new Error(`There is no ${name}.`)
  const source = new LocalGraphQLDataSource(schema)
  const process = source.process.bind(source)
  // A context of its own for each request, as everywhere else here.
  source.process = (options) => process({ ...options, context: createLoaders() })
  return source
}

function remoteSource({ url = '' }: { url?: string | undefined }): GraphQLDataSource {
  return new RemoteGraphQLDataSource({ url })
}

async function serveApollo(
  supergraphSdl: string,
  buildService: (definition: { name: string; url?: string | undefined }) => GraphQLDataSource,
): Promise<string> {
  const gateway = new ApolloGateway({ supergraphSdl, buildService })
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
