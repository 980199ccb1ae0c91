import { createConnection } from 'node:net'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { GraphQLError } from 'graphql'
import { openViewerTokens } from '@passerelle/platform/identity/viewers'
import { createLog } from '@passerelle/platform/log'
import { EngineUnavailable, InvalidInput } from '@passerelle/platform/schema'
import { openTestPlatform, type TestPlatform } from '@passerelle/platform/subgraph/testing'
import { createLocalExecutor } from '../executors/local.ts'
import { openRemoteSubgraph, type RemoteSubgraph } from '../remote/remote-subgraph.ts'
import { openSubgraphServer, type SubgraphServer } from '../remote/subgraph-server.ts'
import { toSchema } from '../testing/compose.ts'
import { openTown } from '../testing/open-town.ts'
import { openTownGateway, type TownGateway } from '../testing/open-town-gateway.ts'
import type { TestSubgraph } from '../testing/town.ts'

let platform: TestPlatform
const lines: string[] = []
const log = createLog({ name: 'faults-test', level: 'debug', to: { write: (line) => void lines.push(line) } })

/** Somewhere nobody listens. */
async function refusedConnection(): Promise<never> {
  await new Promise((_, reject) => createConnection(1, '127.0.0.1').once('error', reject))
  throw new Error('Somebody listens there.')
}

/** An error as a driver throws it: with an address, a query, and more beside it. */
function driverError(name: string, message: string, more: object): Error {
  return Object.assign(new Error(message), { name, ...more })
}

/** What goes wrong, in every engine and every way in which something does; and what of it must be in the log. */
const faults: Record<string, { provoke: () => unknown; logged: string }> = {
  'a query that SQL does not take': {
    provoke: () => platform.sql.query('select hidden_column from hidden_table'),
    logged: 'hidden_table',
  },
  'a rule of a table': {
    provoke: () => platform.sql.query(`select 1 / (length('hidden value') - 12)`),
    logged: 'division by zero',
  },
  'a limit that makes no sense': {
    provoke: () => platform.coordination.limit('org_hidden', 'key', { limit: Number.NaN, windowSeconds: -1 }),
    logged: '',
  },
  'a query that the graph does not take': {
    provoke: () => {
      throw driverError('Neo4jError', "Invalid input: 'MATCH (n:Hidden {organizationId: $o}) RETRUN n'", {
        code: 'Neo.ClientError.Statement.SyntaxError',
        query: 'MATCH (n:Hidden)',
        address: 'bolt://10.0.0.7:7687',
      })
    },
    logged: 'RETRUN',
  },
  'an answer of the search index': {
    provoke: () => {
      throw driverError('ApiError', 'Bad Request', {
        url: 'http://10.0.0.8:6333/collections/hidden',
        data: { status: { error: 'hidden vector' } },
      })
    },
    logged: 'hidden vector',
  },
  'a bucket that is not there': {
    provoke: () => {
      throw driverError('NoSuchBucket', 'The specified bucket does not exist', {
        $metadata: { httpStatusCode: 404 },
        BucketName: 'hidden-bucket',
        endpoint: 'http://10.0.0.9:9000',
      })
    },
    logged: 'hidden-bucket',
  },
  'nobody at an address': { provoke: refusedConnection, logged: 'ECONNREFUSED' },
  'a model that says something else': {
    provoke: () => JSON.parse('<html>hidden proxy of 10.0.0.10</html>'),
    logged: 'SyntaxError',
  },
  'a fault of ours': {
    provoke: () => (undefined as { hidden?: string } | undefined)!.hidden!.length,
    logged: 'TypeError',
  },
  'something that is no error': { provoke: () => Promise.reject('hidden text'), logged: '' },
  'an error with a stack beside it': {
    provoke: () => {
      throw new GraphQLError('select hidden from hidden', {
        extensions: {
          code: 'INTERNAL_SERVER_ERROR',
          stacktrace: ['at hidden (/srv/hidden.ts:1:1)'],
          requestId: 'req_forged',
        },
      })
    },
    logged: 'select hidden from hidden',
  },
  'a refusal with more in it than its code': {
    provoke: () => {
      throw new GraphQLError('This is not for you.', {
        extensions: { code: 'FORBIDDEN', query: 'select hidden', exception: { stacktrace: ['hidden'] } },
      })
    },
    logged: '',
  },
  'an engine that is away': {
    provoke: () => {
      throw new EngineUnavailable('graph', new Error('connect ECONNREFUSED 10.0.0.7:7687 hidden'))
    },
    logged: '',
  },
  'an input that is refused': {
    provoke: () => {
      throw new InvalidInput('That is too long.', ['hidden'])
    },
    logged: '',
  },
}

const engines: TestSubgraph = {
  name: 'people',
  typeDefs: `extend schema @link(url: "https://specs.apollo.dev/federation/v2.6", import: ["@key"])
    type Query { fault(of: String!): String required(of: String!): String! }
    type Subscription { faults(of: String!): String begun(of: String!): String }`,
  resolvers: {
    Query: {
      fault: (_: unknown, { of }: { of: string }) => faults[of]?.provoke(),
      required: (_: unknown, { of }: { of: string }) => faults[of]?.provoke(),
    },
    Subscription: {
      faults: { subscribe: (_: unknown, { of }: { of: string }) => faults[of]?.provoke(), resolve: () => 'never' },
      begun: {
        async *subscribe(_: unknown, { of }: { of: string }) {
          yield 'once'
          await faults[of]?.provoke()
        },
        resolve: (event: string) => event,
      },
    },
  },
}

let server: SubgraphServer
let remote: RemoteSubgraph
const towns = new Map<string, TownGateway>()

beforeAll(async () => {
  platform = await openTestPlatform()
  const tokens = openViewerTokens({ tokenKey: new Uint8Array(32).fill(1) })
  const executor = createLocalExecutor(toSchema(engines), () => ({}))
  server = await openSubgraphServer({
    name: 'people',
    executor,
    routes: [],
    verifyViewer: tokens.verify,
    readiness: async () => ({ ready: true, engines: {} }),
    log,
    host: '127.0.0.1',
    port: 0,
  })
  remote = openRemoteSubgraph({ name: 'people', urls: [server.url], signViewer: tokens.sign })
  for (const [place, people] of [
    ['in this process', executor],
    ['in another process', remote.executor],
  ] as const) {
    const town = openTown({ subgraphs: () => [engines], executors: { people } })
    towns.set(place, await openTownGateway({ town, log }))
  }
})

afterAll(async () => {
  for (const town of towns.values()) await town.gateway.drain()
  await remote.close()
  await server.drain(0)
  await platform.close()
})

const secrets =
  /hidden|select |MATCH|RETRUN|stack|\.ts:\d|node_modules|ECONNREFUSED|127\.0\.0\.1|10\.0\.0|bolt:|http:|TypeError|SyntaxError|division|req_forged/i

/** What is told of a fault: nothing that is in it, and an id under which the log has all of it. */
async function hold(text: string, { logged }: { logged: string }): Promise<void> {
  expect(text).not.toMatch(secrets)
  const errors = JSON.parse(text) as { message: string; extensions: { code: string; requestId: string } }[]
  expect(errors.length).toBeGreaterThan(0)
  for (const { extensions } of errors) {
    expect(extensions.code).toMatch(/^[A-Z_]+$/)
    const { requestId } = extensions
    expect(requestId).toMatch(/^req_[0-9a-f]{32}$/)
    const told = (): string => lines.filter((line) => line.includes(requestId)).join('')
    await vi.waitUntil(() => told().includes('refused'))
    expect(told()).toContain(logged)
  }
}

const cases = ['in this process', 'in another process'].flatMap((place) =>
  Object.entries(faults).map(([of, { logged }]) => ({ place, of, logged })),
)

test.each(cases)('tells nothing of $of $place over HTTP', async ({ place, of, logged }) => {
  for (const field of ['fault', 'required']) {
    const response = await towns
      .get(place)
      ?.post({ query: `query ($of: String!) { ${field}(of: $of) }`, variables: { of } })
    const { errors } = (await response?.json()) as { errors: unknown }
    await hold(JSON.stringify(errors), { logged })
  }
})

test.each(cases)('tells nothing of $of $place over WebSocket', async ({ place, of, logged }) => {
  const client = towns.get(place)?.connect()
  if (!client) throw new Error(place)
  const ask = (query: string) =>
    new Promise<unknown>((resolve) => {
      client.subscribe(
        { query, variables: { of } },
        {
          next: ({ errors }) => errors && resolve(errors),
          // A source that is lost in between closes the connection, so that its client connects again.
          error: (refused) => resolve(Array.isArray(refused) ? refused : 'closed'),
          complete: () => resolve([]),
        },
      )
    })
  for (const query of ['query ($of: String!) { fault(of: $of) }', 'subscription ($of: String!) { faults(of: $of) }'])
    await hold(JSON.stringify(await ask(query)), { logged })
  const ended = await ask('subscription ($of: String!) { begun(of: $of) }')
  if (ended !== 'closed') await hold(JSON.stringify(ended), { logged })
  await client.dispose()
})
