import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { openViewerTokens } from '@passerelle/platform/identity/viewers'
import { createLog } from '@passerelle/platform/log'
import { openTestPlatform, type TestPlatform } from '@passerelle/platform/subgraph/testing'
import { createLocalExecutor } from '../executors/local.ts'
import { openRemoteSubgraph, type RemoteSubgraph } from '../remote/remote-subgraph.ts'
import { openSubgraphServer, type SubgraphServer } from '../remote/subgraph-server.ts'
import { toSchema } from '../testing/compose.ts'
import { engineFaults } from '../testing/engine-faults.ts'
import { openTown } from '../testing/open-town.ts'
import { openTownGateway, type TownGateway } from '../testing/open-town-gateway.ts'
import type { TestSubgraph } from '../testing/town.ts'

let platform: TestPlatform
const lines: string[] = []
const log = createLog({ name: 'faults-test', level: 'debug', to: { write: (line) => void lines.push(line) } })

const engines: TestSubgraph = {
  name: 'people',
  typeDefs: `extend schema @link(url: "https://specs.apollo.dev/federation/v2.6", import: ["@key"])
    type Query { fault(of: String!): String required(of: String!): String! }
    type Subscription { faults(of: String!): String begun(of: String!): String }`,
  resolvers: {
    Query: {
      fault: (_: unknown, { of }: { of: string }) => engineFaults[of]?.provoke(platform),
      required: (_: unknown, { of }: { of: string }) => engineFaults[of]?.provoke(platform),
    },
    Subscription: {
      faults: {
        subscribe: (_: unknown, { of }: { of: string }) => engineFaults[of]?.provoke(platform),
        resolve: () => 'never',
      },
      begun: {
        async *subscribe(_: unknown, { of }: { of: string }) {
          yield 'once'
          await engineFaults[of]?.provoke(platform)
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

interface Told {
  errors: { message: string; extensions: { code: string; requestId: string } }[]
}

/** What is wrong with what a client is told of a fault: nothing, when it is told nothing of it and an id under which the log has all. */
async function problemsOf(text: string, logged: string): Promise<string[]> {
  const { errors } = JSON.parse(text) as Told
  const problems = secrets.test(text) ? [text] : []
  if (errors.length === 0) problems.push('nothing was told')
  for (const { extensions } of errors) {
    const { code, requestId } = extensions
    if (!/^[A-Z_]+$/.test(code) || !/^req_[0-9a-f]{32}$/.test(requestId)) problems.push(text)
    const told = (): string => lines.filter((line) => line.includes(requestId)).join('')
    await vi.waitUntil(() => told().includes('refused'))
    if (!told().includes(logged)) problems.push(`The log does not say “${logged}”: ${told()}`)
  }
  return problems
}

function townOf(place: string): TownGateway {
  const town = towns.get(place)
  if (!town) throw new Error(`There is no town ${place}.`)
  return town
}

const cases = ['in this process', 'in another process'].flatMap((place) =>
  Object.entries(engineFaults).map(([of, { logged }]) => ({ place, of, logged })),
)

test.each(cases)('tells nothing of $of $place over HTTP', async ({ place, of, logged }) => {
  for (const field of ['fault', 'required']) {
    const response = await townOf(place).post({
      query: `query ($of: String!) { ${field}(of: $of) }`,
      variables: { of },
    })
    expect(await problemsOf(await response.text(), logged)).toEqual([])
  }
})

test.each(cases)('tells nothing of $of $place over WebSocket', async ({ place, of, logged }) => {
  const client = townOf(place).connect()
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
    expect(await problemsOf(JSON.stringify({ errors: await ask(query) }), logged)).toEqual([])
  const ended = await ask('subscription ($of: String!) { begun(of: $of) }')
  expect(ended === 'closed' ? [] : await problemsOf(JSON.stringify({ errors: ended }), logged)).toEqual([])
  await client.dispose()
})
