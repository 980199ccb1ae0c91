import { addResolversToSchema, buildSubgraphSchema, type GraphQLResolverMap } from '@apollo/subgraph'
import { assertCompositionSuccess, composeServices } from '@theguild/federation-composition'
import DataLoader from 'dataloader'
import { buildSchema, parse, printSchema, type GraphQLSchema } from 'graphql'

/** Fifty shipments, each with a client and documents of other subgraphs, read through loaders as from a database. */
export interface Loaders {
  clients: DataLoader<string, Row>
  documents: DataLoader<string, Row[]>
}

export type Row = Record<string, unknown> & { id: string }

const shipments: Row[] = Array.from({ length: 50 }, (_, n) => ({
  id: `shp_${n}`,
  trackingNumber: `6A${10_000_000_000 + n}`,
  status: ['DRAFT', 'IN_TRANSIT', 'DELIVERED'][n % 3],
  reference: n % 4 === 0 ? null : `REF-${n}`,
  clientId: `cli_${n % 20}`,
  createdAt: '2026-11-20T10:00:00.000Z',
}))

export function createLoaders(): Loaders {
  return {
    clients: new DataLoader(async (ids: readonly string[]) =>
      ids.map((id) => ({ id, name: `Client ${id}`, email: `${id}@example.fr` })),
    ),
    documents: new DataLoader(async (ids: readonly string[]) =>
      ids.map((id) => [1, 2].map((n) => ({ id: `doc_${id}_${n}`, title: `CMR ${n} of ${id}`, kind: 'CMR' }))),
    ),
  }
}

const link = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.6", import: ["@key"])\n`

interface Part {
  name: string
  typeDefs: string
  /** Resolvers that the monolith shares. */
  resolvers: GraphQLResolverMap<Loaders>
  references: GraphQLResolverMap<Loaders>
}

const parts: Part[] = [
  {
    name: 'logistics',
    typeDefs: `${link}
      type Query { shipments(first: Int): [Shipment!]! }
      enum Status { DRAFT IN_TRANSIT DELIVERED }
      type Shipment @key(fields: "id") { id: ID! trackingNumber: String! status: Status! reference: String createdAt: String! client: Client }
      type Client @key(fields: "id", resolvable: false) { id: ID! }`,
    resolvers: { Query: { shipments: async (_, { first }: { first?: number }) => shipments.slice(0, first ?? 50) } },
    references: { Shipment: { client: ({ clientId }: { clientId: string }) => ({ id: clientId }) } },
  },
  {
    name: 'conciergerie',
    typeDefs: `${link} type Client @key(fields: "id") { id: ID! name: String! email: String } type Query { clientCount: Int! }`,
    resolvers: {},
    references: { Client: { __resolveReference: ({ id }: Row, loaders: Loaders) => loaders.clients.load(id) } },
  },
  {
    name: 'documents',
    typeDefs: `${link}
      type Query { documentCount: Int! }
      type Document @key(fields: "id") { id: ID! title: String! kind: String }
      type DocumentList { nodes: [Document!]! }
      type Shipment @key(fields: "id") { id: ID! documents: DocumentList }`,
    resolvers: {
      Shipment: {
        documents: async ({ id }: Row, _: unknown, loaders: Loaders) => ({ nodes: await loaders.documents.load(id) }),
      },
    },
    references: {},
  },
]

export function createSubgraphs(): Map<string, GraphQLSchema> {
  return new Map(
    parts.map(({ name, typeDefs, resolvers, references }) => {
      const all: GraphQLResolverMap<Loaders> = { ...resolvers, ...references }
      return [name, buildSubgraphSchema([{ typeDefs: parse(typeDefs), resolvers: all }])]
    }),
  )
}

/** `urls` says where the subgraphs are, for gateways that reach them over a wire. */
export function composeSupergraph(urls: Record<string, string> = {}): string {
  const result = composeServices(
    parts.map(({ name, typeDefs }) => ({ name, typeDefs: parse(typeDefs), url: urls[name] ?? `http://${name}` })),
  )
  assertCompositionSuccess(result)
  return result.supergraphSdl
}

/** One schema with the same resolvers: what no gateway can be faster than. */
export function createMonolith(apiSchema: GraphQLSchema): GraphQLSchema {
  const schema = buildSchema(printSchema(apiSchema))
  for (const { resolvers } of parts) addResolversToSchema(schema, resolvers)
  addResolversToSchema(schema, {
    Shipment: {
      client: ({ clientId }: { clientId: string }, _: unknown, loaders: Loaders) => loaders.clients.load(clientId),
    },
  })
  return schema
}
