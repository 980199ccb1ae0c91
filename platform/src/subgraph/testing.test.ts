import { afterAll, beforeAll, expect, test } from 'vitest'
import { createBuilder, requireViewer } from '../schema/schema.ts'
import type { BaseContext, Platform, Subgraph } from './subgraph.ts'
import { createTestClient, createTestViewer, engineAway, openTestPlatform, type TestPlatform } from './testing.ts'

let platform: TestPlatform

beforeAll(async () => {
  platform = await openTestPlatform()
})

afterAll(() => platform.close())

const builder = createBuilder<BaseContext & { platform: Platform }>()
builder.queryType({
  fields: (t) => ({
    organization: t.string({ resolve: (_root, _args, context) => requireViewer(context).organizationId }),
    applied: t.string({
      resolve: (_root, _args, context) =>
        context.platform.graph.applied(requireViewer(context).organizationId, 'nobody'),
    }),
  }),
})
const subgraph: Subgraph = {
  name: 'sample',
  schema: builder.toSubGraphSchema({}),
  migrations: { name: 'sample', folder: new URL('./', import.meta.url) },
  queues: [],
  createContext: (on, request) => ({ ...request, platform: on }),
}

test('a subgraph is asked as its viewer, on the platform it was given', async () => {
  const viewer = createTestViewer()
  const { data } = await createTestClient(platform, subgraph).ask(viewer, '{ organization applied }')
  expect(data).toEqual({ organization: viewer.organizationId, applied: '0' })
})

test('an engine that is away says which one it is', async () => {
  const without = createTestClient({ ...platform, graph: engineAway('graph') }, subgraph)
  const { errors } = await without.ask(createTestViewer(), '{ applied }')
  expect(errors).toMatchObject([{ path: ['applied'], extensions: { code: 'ENGINE_UNAVAILABLE', engine: 'graph' } }])
  await expect(without.data(createTestViewer(), '{ applied }')).rejects.toThrow('graph')
})

test('every engine of the house answers, and no model is there', async () => {
  for (const engine of [
    platform.sql,
    platform.graph,
    platform.vectors,
    platform.blobs,
    platform.coordination,
    platform.mail,
  ])
    await engine.health()
  expect(await platform.models.capabilities('org_a')).toEqual({ chat: null, embedding: null, speech: null })
})
