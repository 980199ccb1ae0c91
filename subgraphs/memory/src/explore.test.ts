import { expect, test } from 'vitest'
import type { EntityFacts } from '@passerelle/platform/graph'
import { newId } from '@passerelle/platform/ids'
import { recordEntityId } from '@passerelle/platform/records'
import { rebuildQueue } from '@passerelle/platform/rebuild'
import type { Viewer } from '@passerelle/platform/schema'
import {
  createTestClient,
  createTestViewer,
  openTestPlatform,
  useSubgraph,
} from '@passerelle/platform/subgraph/testing'
import { memory } from './index.ts'
import { named, writeDocument } from './town.testing.ts'

const town = useSubgraph(memory)

/** A company whose driver is with it in January and in March, and a place that is on every paper. */
async function writeYear(viewer: Viewer) {
  const company = named(viewer, 'ORGANIZATION', 'Étoile Transports')
  const driver = named(viewer, 'PERSON', 'Ada Martin')
  const place = named(viewer, 'PLACE', 'Marseille')
  const box = { page: 3, box: { x: 0.5, y: 0.25, width: 0.125, height: 0.0625 } }
  const works = {
    from: driver.id,
    to: company.id,
    type: 'WORKS_FOR',
    confidence: 0.75,
    extractor: 'rules',
    page: 3,
    chunk: 2,
    boxes: [box],
  }
  const write = (entities: readonly EntityFacts[], at: string, relations = [works]) =>
    writeDocument(town.platform.graph, viewer, entities, { at: new Date(at), relations })
  const january = await write([company, driver, place], '2026-01-15T12:00:00Z')
  const march = await write([company, driver], '2026-03-15T12:00:00Z')
  for (let index = 0; index < 6; index++)
    await write([place, named(viewer, 'TOPIC', `Sujet ${index}`)], '2026-02-01T12:00:00Z', [])
  return { company, driver, place, january, march, box }
}

test('neighbours keep to relations, and to the time in which they were stated, and name their sources', async () => {
  const viewer = createTestViewer()
  const { company, driver, place, january, march, box } = await writeYear(viewer)
  const text = `query ($id: ID!, $relations: [String!], $since: DateTime, $until: DateTime) { entity(id: $id) {
    neighbours(relations: $relations, since: $since, until: $until) { nodes { relation via { id } entity { id } sources { document { id } page boxes { page box { x y width height } } passage confidence extractor at record { __typename } } } } } }`
  type Answer = {
    entity: { neighbours: { nodes: { entity: { id: string }; relation: string; sources: unknown[] }[] } }
  }
  const ask = async (variables: object) =>
    (await town.client.data<Answer>(viewer, text, { id: company.id, ...variables })).entity.neighbours.nodes
  const [works] = await ask({ relations: ['WORKS_FOR'] })
  const rest = { page: 3, boxes: [box], passage: 2, confidence: 0.75, extractor: 'rules', record: null }
  expect(works).toEqual({
    relation: 'WORKS_FOR',
    via: { id: company.id },
    entity: { id: driver.id },
    sources: [
      { document: { id: march }, at: '2026-03-15T12:00:00.000Z', ...rest },
      { document: { id: january }, at: '2026-01-15T12:00:00.000Z', ...rest },
    ],
  })
  expect((await ask({ since: '2026-02-01T00:00:00Z' })).map(({ entity }) => entity.id)).toEqual([driver.id])
  const both = (await ask({ until: '2026-02-01T00:00:00Z', relations: ['RELATED_TO'] })).map(({ entity }) => entity.id)
  expect(both.toSorted()).toEqual([driver.id, place.id].toSorted())
})

test('co-mentions put a colleague before the place that is on every paper, and name the documents in common', async () => {
  const viewer = createTestViewer()
  const { company, driver, place, march } = await writeYear(viewer)
  const text = `query ($id: ID!) { entity(id: $id) { coMentions { pageInfo { hasNextPage } nodes { documents pages passages lift entity { id } sources(first: 1) { document { id } page } } } } }`
  expect(await town.client.data(viewer, text, { id: company.id })).toMatchObject({
    entity: {
      coMentions: {
        pageInfo: { hasNextPage: false },
        nodes: [
          { entity: { id: driver.id }, documents: 2, lift: 4, sources: [{ document: { id: march }, page: 1 }] },
          { entity: { id: place.id }, documents: 1 },
        ],
      },
    },
  })
})

test('a timeline tells what documents and records say, page by page, and months count it', async () => {
  const viewer = createTestViewer()
  const { company, driver, january, march } = await writeYear(viewer)
  const recordId = newId('cli')
  const entity = {
    id: recordEntityId(viewer.organizationId, { kind: 'CLIENT', id: recordId }),
    type: 'RECORD' as const,
    kind: 'CLIENT',
    key: recordId,
    name: 'Étoile',
  }
  await town.platform.graph.recordRecord(viewer.organizationId, {
    entity,
    recordType: 'Client',
    recordId,
    identifiers: [company],
    change: { at: new Date('2026-02-20T08:00:00Z'), what: 'CREATED' },
  })
  const text = `query ($id: ID!, $after: String) { entity(id: $id) { timeline(first: 2, after: $after) { pageInfo { hasNextPage endCursor }
    nodes { kind what at outgoing count page other { id } document { id } record { __typename ... on Client { id } } } } } }`
  type Line = { kind: string; what: string; document: { id: string } | null; record: { id: string } | null }
  type Answer = {
    entity: { timeline: { pageInfo: { hasNextPage: boolean; endCursor: string }; nodes: Line[] } }
  }
  const lines: Line[] = []
  for (let after: string | null = null, more = true; more;) {
    const data: Answer = await town.client.data<Answer>(viewer, text, { id: company.id, after })
    lines.push(...data.entity.timeline.nodes)
    more = data.entity.timeline.pageInfo.hasNextPage
    after = data.entity.timeline.pageInfo.endCursor
  }
  expect(lines.map(({ kind, what, document, record }) => [kind, what, document?.id ?? record?.id])).toEqual([
    ['MENTION', 'MENTIONS', march],
    ['RELATION', 'WORKS_FOR', march],
    ['RECORD', 'CREATED', recordId],
    ['RELATION', 'IDENTIFIES', recordId],
    ['MENTION', 'MENTIONS', january],
    ['RELATION', 'WORKS_FOR', january],
  ])
  expect(lines[1]).toMatchObject({ outgoing: false, other: { id: driver.id }, page: 3 })
  const months = `query ($id: ID!) { entity(id: $id) { activity { month documents mentions } } }`
  expect(await town.client.data(viewer, months, { id: company.id })).toEqual({
    entity: {
      activity: [
        { month: '2026-01', documents: 1, mentions: 10 },
        { month: '2026-03', documents: 1, mentions: 10 },
      ],
    },
  })
})

test('a way and a picture name what states each of their lines', async () => {
  const viewer = createTestViewer()
  const { company, driver, march } = await writeYear(viewer)
  const text = `query ($from: ID!, $to: ID!) {
    path(from: $from, to: $to) { steps { from to type sources(first: 1) { document { id } page } } }
    neighbourhood(id: $from, relations: ["WORKS_FOR"]) { relations { from to type sources(first: 1) { document { id } } } } }`
  expect(await town.client.data(viewer, text, { from: company.id, to: driver.id })).toEqual({
    path: {
      steps: [{ from: company.id, to: driver.id, type: 'WORKS_FOR', sources: [{ document: { id: march }, page: 3 }] }],
    },
    neighbourhood: {
      relations: [{ from: driver.id, to: company.id, type: 'WORKS_FOR', sources: [{ document: { id: march } }] }],
    },
  })
})

test('figures say what the graph is made of, to its own organisation', async () => {
  const viewer = createTestViewer()
  await writeYear(viewer)
  const text = `{ graphStatistics { documents documentsWithoutEntities entities entitiesPerDocument relations capped
    entitiesByType { type count } relationsByType { type count } mostConnected { name } months { month documents mentions } } }`
  expect(await town.client.data(viewer, text)).toMatchObject({
    graphStatistics: {
      documents: 8,
      documentsWithoutEntities: 0,
      entities: 9,
      entitiesPerDocument: 17 / 8,
      relations: 2,
      capped: false,
      relationsByType: [{ type: 'WORKS_FOR', count: 2 }],
      months: [{ month: '2026-01' }, { month: '2026-02', documents: 6, mentions: 12 }, { month: '2026-03' }],
    },
  })
  expect(await town.client.data(createTestViewer(), text)).toMatchObject({
    graphStatistics: { documents: 0, entities: 0, entitiesPerDocument: 0, mostConnected: [] },
  })
})

test('nothing of it is another organisation’s', async () => {
  const viewer = createTestViewer()
  const { company, driver } = await writeYear(viewer)
  const text = `query ($from: ID!, $to: ID!) { path(from: $from, to: $to) { steps { type } } entity(id: $from) { id }
    _entities(representations: [{ __typename: "Entity", id: "${company.id}" }]) { ... on Entity { timeline { nodes { at } } } } }`
  expect(await town.client.data(createTestViewer(), text, { from: company.id, to: driver.id })).toEqual({
    path: null,
    entity: null,
    _entities: [null],
  })
})

test.each([
  'neighbours(since: "2026-02-01T00:00:00Z", until: "2026-01-01T00:00:00Z") { nodes { weight } }',
  'neighbours(relations: ["works for"]) { nodes { weight } }',
  'coMentions(first: 0) { nodes { lift } }',
  'coMentions { nodes { sources(first: 21) { at } } }',
  'timeline(first: 101) { nodes { at } }',
  'timeline(after: "WyJ4Il0") { nodes { at } }',
])('%s is refused', async (field) => {
  const viewer = createTestViewer()
  const { company } = await writeYear(viewer)
  const { errors } = await town.client.ask(viewer, `{ entity(id: "${company.id}") { ${field} } }`)
  expect(errors[0]).toMatchObject({ extensions: { code: 'BAD_USER_INPUT' } })
})

test('the figures say while the graph of the organisation is being made again', async () => {
  const platform = await openTestPlatform({ sets: [memory.migrations], queues: [rebuildQueue] })
  const client = createTestClient(platform, memory)
  const viewer = createTestViewer()
  const ask = (who = viewer) => client.data(who, '{ graphStatistics { rebuilding } }')
  await platform.sql.withOrganization(viewer, (tx) => platform.jobs.enqueue(tx, rebuildQueue, { what: 'graph' }))
  expect(await ask()).toEqual({ graphStatistics: { rebuilding: true } })
  expect(await ask(createTestViewer())).toEqual({ graphStatistics: { rebuilding: false } })
  await platform.close()
})
