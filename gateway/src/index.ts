/** The door of the gateway. It knows no subgraph: whoever composes the process hands it a supergraph and a way to each subgraph. */
export { openGateway, type Gateway, type GatewayOptions } from './gateway.ts'
export { openGraph, type Graph, type ReadRequest } from './graph.ts'
export { createLocalExecutor } from './executors/local.ts'
export type { Executor, SubgraphAnswer, SubgraphRequest } from './engine/subgraph-request.ts'
export type { Identity, Verify } from './identity/identity.ts'
export type { Readiness } from './server/handle.ts'
export { openRemoteSubgraph, type RemoteSubgraph } from './remote/remote-subgraph.ts'
export { openSubgraphServer, type SubgraphServer } from './remote/subgraph-server.ts'
