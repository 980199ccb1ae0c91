import type { GraphQLResolverMap } from '@apollo/subgraph'
import { GraphQLError } from 'graphql'
import type { Company, Document, Parcel, Records, User } from './records.ts'

/** A subgraph in the form that buildSubgraphSchema takes, and whose resolvers also serve a monolith. */
export interface TestSubgraph {
  name: string
  typeDefs: string
  resolvers: GraphQLResolverMap
}

const head = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.6", import: ["@key", "@external", "@requires", "@shareable", "@inaccessible"])
`

/** Three subgraphs with everything the engine has to manage: keys, requirements, unions, interfaces, failures. */
export function createTown(records: Records): TestSubgraph[] {
  return [people(records), parcels(records), papers(records)]
}

function first<T>(values: Iterable<T>, count: number | null | undefined): T[] {
  return [...values].slice(0, count ?? undefined)
}

function people({ users, companies, parcels, documents, changes }: Records): TestSubgraph {
  return {
    name: 'people',
    typeDefs: `${head}
      type Query { viewer: User user(id: ID!): User users(first: Int): [User!]! find(first: Int): [Hit!]! party(id: ID!): Party parties: [Party] }
      type Mutation { rename(id: ID!, name: String!): RenameResult! }
      type Subscription { userChanged(id: ID!): User! }
      interface Party { id: ID! name: String! }
      interface Refusal { code: String! message: String! }
      type NotFound implements Refusal @shareable { code: String! message: String! }
      union RenameResult = User | NotFound
      union Hit = User | Company | Parcel
      enum Role { OWNER DRIVER VIEWER }
      type User implements Party @key(fields: "id") {
        id: ID! name: String! nick: String role: Role! boss: User company: Company linkKeys: [String!]! @inaccessible
        secret: String forbidden: String temper: String!
      }
      type Company implements Party @key(fields: "id") { id: ID! name: String! vat: String staff(first: Int): [User!]! }
      type Parcel @key(fields: "id", resolvable: false) { id: ID! }
      type Document @key(fields: "id") { id: ID! author: User }
    `,
    resolvers: {
      Query: {
        viewer: () => users.get('u1'),
        user: (_: unknown, { id }: { id: string }) => users.get(id),
        users: (_: unknown, args: { first?: number }) => first(users.values(), args.first),
        find: (_: unknown, args: { first?: number }) =>
          first([...users.values(), ...parcels.values(), ...companies.values()], args.first),
        party: (_: unknown, { id }: { id: string }) => users.get(id) ?? companies.get(id),
        parties: () => [users.get('u2'), null, companies.get('c2')],
      },
      Mutation: {
        rename: (_: unknown, { id, name }: { id: string; name: string }) => {
          const user = users.get(id)
          return user
            ? Object.assign(user, { name })
            : { __typename: 'NotFound', code: 'NOT_FOUND', message: 'Nobody here.' }
        },
      },
      Subscription: { userChanged: { subscribe: () => changes.listen(), resolve: (user: User) => user } },
      User: {
        __resolveReference: ({ id }: { id: string }) => users.get(id) ?? null,
        boss: ({ bossId }: User) => (bossId ? users.get(bossId) : null),
        company: ({ companyId }: User) => (companyId ? companies.get(companyId) : null),
        secret: () => {
          throw new Error('password=hunter2 at 10.0.0.7')
        },
        forbidden: () => {
          throw new GraphQLError('This is not for you.', { extensions: { code: 'FORBIDDEN' } })
        },
        temper: ({ id }: User) => {
          if (id === 'u3') throw new GraphQLError('Not today.', { extensions: { code: 'FORBIDDEN' } })
          return 'calm'
        },
      },
      Document: {
        __resolveReference: ({ id }: { id: string }) => documents.get(id) ?? null,
        author: ({ authorId }: Document) => (authorId ? users.get(authorId) : null),
      },
      Company: {
        __resolveReference: ({ id }: { id: string }) => companies.get(id) ?? null,
        staff: ({ id }: Company, args: { first?: number }) =>
          first(
            [...users.values()].filter((user) => user.companyId === id),
            args.first,
          ),
      },
    },
  }
}

function parcels({ users, parcels: all }: Records): TestSubgraph {
  return {
    name: 'parcels',
    typeDefs: `${head}
      type Query { parcels(first: Int = 3): [Parcel!]! parcel(id: ID!): Parcel }
      type Mutation { send(id: ID!): SendResult! }
      interface Refusal { code: String! message: String! }
      type NotFound implements Refusal @shareable { code: String! message: String! }
      union SendResult = Parcel | NotFound
      enum Status { MADE SENT }
      type Parcel @key(fields: "id") {
        id: ID! label: String! weight: Float! owner: User sealed: String! linkKeys: [String!]! @inaccessible
        events(first: Int): [Event!]! grid: [[Int!]!]
      }
      type Event { at: String! status: Status! by: User parcel: Parcel! note(upper: Boolean): String }
      type User @key(fields: "id") { id: ID! parcels(first: Int = 2): [Parcel!]! favourite: Parcel }
    `,
    resolvers: {
      Query: {
        parcels: (_: unknown, args: { first?: number }) => first(all.values(), args.first),
        parcel: (_: unknown, { id }: { id: string }) => all.get(id),
      },
      Mutation: {
        send: (_: unknown, { id }: { id: string }) =>
          all.get(id) ?? { __typename: 'NotFound', code: 'NOT_FOUND', message: 'No such parcel.' },
      },
      Parcel: {
        __resolveReference: ({ id }: { id: string }) => all.get(id) ?? null,
        owner: ({ ownerId }: Parcel) => (ownerId ? users.get(ownerId) : null),
        sealed: ({ id }: Parcel) => {
          if (id === 'p3') throw new GraphQLError('The seal is broken.', { extensions: { code: 'FORBIDDEN' } })
          return 'sealed'
        },
        events: (parcel: Parcel, args: { first?: number }) => first(eventsOf(parcel), args.first),
        grid: ({ id }: Parcel) => (id === 'p2' ? null : [[1, 2], [], [3]]),
      },
      Event: {
        by: ({ byId }: { byId: string | null }) => (byId ? users.get(byId) : null),
        note: ({ note }: { note: string }, { upper }: { upper?: boolean }) => (upper ? note.toUpperCase() : note),
      },
      User: {
        __resolveReference: ({ id }: { id: string }) => users.get(id) ?? null,
        parcels: ({ id }: User, args: { first?: number }) =>
          first(
            [...all.values()].filter((parcel) => parcel.ownerId === id),
            args.first,
          ),
        favourite: ({ id }: User) => all.get(id.replace('u', 'p')),
      },
    },
  }
}

function eventsOf(parcel: Parcel) {
  return [
    { at: '2026-01-01', status: 'MADE', note: `made ${parcel.id}`, byId: parcel.ownerId, parcel },
    { at: '2026-01-02', status: 'SENT', note: `sent ${parcel.id}`, byId: null, parcel },
  ]
}

function papers({ users, companies, parcels: allParcels, documents }: Records): TestSubgraph {
  const listOf = (keys: readonly string[], kind?: string | null) => {
    const nodes = [...documents.values()].filter(
      (document) => keys.includes(document.key) && (!kind || document.kind === kind),
    )
    return { nodes, total: nodes.length }
  }
  return {
    name: 'papers',
    typeDefs: `${head}
      type Query { document(id: ID!): Document documents(first: Int): [Document!]! }
      union Subject = User | Parcel | Company
      enum Kind { CMR INVOICE }
      type Document @key(fields: "id") { id: ID! title: String! kind: Kind! about: Subject twin: Document }
      type DocumentList { nodes: [Document!]! total: Int! }
      type User @key(fields: "id") { id: ID! linkKeys: [String!]! @external documents(kind: Kind): DocumentList @requires(fields: "linkKeys") }
      type Parcel @key(fields: "id") { id: ID! linkKeys: [String!]! @external documents(kind: Kind): DocumentList @requires(fields: "linkKeys") }
      type Company @key(fields: "id", resolvable: false) { id: ID! }
    `,
    resolvers: {
      Query: {
        document: (_: unknown, { id }: { id: string }) => documents.get(id),
        documents: (_: unknown, args: { first?: number }) => first(documents.values(), args.first),
      },
      Document: {
        __resolveReference: ({ id }: { id: string }) => documents.get(id) ?? null,
        about: ({ aboutId }: Document) => users.get(aboutId) ?? allParcels.get(aboutId) ?? companies.get(aboutId),
        twin: (document: Document) => document,
      },
      User: { documents: ({ linkKeys }: User, { kind }: { kind?: string }) => listOf(linkKeys, kind) },
      Parcel: { documents: ({ linkKeys }: Parcel, { kind }: { kind?: string }) => listOf(linkKeys, kind) },
    },
  }
}
