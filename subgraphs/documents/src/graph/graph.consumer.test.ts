import { publish } from '@passerelle/platform/facts'
import type { Graph } from '@passerelle/platform/graph'
import { newId } from '@passerelle/platform/ids'
import { EngineUnavailable } from '@passerelle/platform/schema'
import { openTestPlatform, type TestPlatform } from '@passerelle/platform/subgraph/testing'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { documentDeleted, documentLinked } from '../document/document.facts.ts'
import { insertDocument } from '../document/document.store.ts'
import { createGraphConsumer, graphConsumer } from './graph.consumer.ts'
import { documents } from '../index.ts'
import { saveMentions, type NewMention } from '../mentions/mention.store.ts'
import { resetForRun, writeStatus } from '../status/status.store.ts'

const WAIT = { timeoutMs: 60_000 }

let platform: TestPlatform
/** What the graph was given at once, and what it is to do instead for once. */
let given: string[][] = []
let instead: Partial<Graph> = {}

beforeAll(async () => {
  platform = await openTestPlatform({ sets: [documents.migrations] })
  const { graph } = platform
  const seen: Graph = {
    ...graph,
    async recordDocuments(organizationId, facts) {
      if (instead.recordDocuments) return instead.recordDocuments(organizationId, facts)
      given.push(facts.map(({ documentId }) => documentId))
      await graph.recordDocuments(organizationId, facts)
    },
    setApplied: (...at) => (instead.setApplied ?? graph.setApplied)(...at),
  }
  platform.facts.consume(createGraphConsumer({ ...platform, graph: seen }))
})

afterAll(() => platform.close())

afterEach(() => {
  given = []
  instead = {}
})

function mention(word: string): NewMention {
  const place = { page: 1, boxes: [], excerpt: word, chunk: 0, relation: 'MENTIONS' as const }
  const said = { confidence: 0.9, extractor: 'rules' }
  return { entityId: `ent_${word}`, entityType: 'ORGANIZATION', kind: null, key: word, name: word, ...place, ...said }
}

/** Documents that are linked in one transaction, and so due at the same time: ids by the words that they mention. */
async function link(organizationId: string, papers: readonly (readonly string[])[]): Promise<string[]> {
  return platform.sql.withOrganization({ organizationId }, async (tx) => {
    const ids: string[] = []
    for (const words of papers) {
      const id = newId('doc')
      const named = { title: 'paper', filename: 'paper.txt', contentType: 'text/plain' }
      await insertDocument(tx, { id, organizationId, size: 1, createdBy: null, ...named })
      await saveMentions(tx, { documentId: id, organizationId }, { mentions: words.map(mention), relations: [] })
      publish(tx, documentLinked({ documentId: id, run: 1 }))
      ids.push(id)
    }
    return ids
  })
}

async function caughtUp(organizationId: string): Promise<void> {
  const position = await platform.facts.head(organizationId)
  expect(await platform.facts.reached(graphConsumer, { organizationId, position }, WAIT)).toBe(true)
}

/** How many documents mention each entity, as the graph has it. */
async function counts(organizationId: string): Promise<Record<string, number>> {
  const { entities } = await platform.graph.findEntities(organizationId, { limit: 1_000, offset: 0 })
  return Object.fromEntries(entities.map(({ name, documents: count }) => [name, count]))
}

test('what is due together is written together, a large document by itself, and nothing of another organisation', async () => {
  const [one, two] = [newId('org'), newId('org')]
  const large = Array.from({ length: 2_000 }, (_, index) => `l${index}`)
  const small = Array.from({ length: 60 }, (_, index) => ['town', `only${index}`])
  const ids = await link(one, [...small.slice(0, 10), large, ...small.slice(10)])
  await link(two, [['town']])
  await caughtUp(one)
  await caughtUp(two)
  const mine = given.filter((batch) => batch.some((id) => ids.includes(id)))
  expect(mine.flat()).toEqual(ids)
  expect(mine.map((batch) => batch.length)).toEqual([10, 1, 39, 11])
  expect(await counts(two)).toEqual({ town: 1 })
  expect((await counts(one)).town).toBe(60)
  expect(await platform.graph.statistics(one)).toMatchObject({ documents: 61, entities: 2_000 + 61 })
})

test('a position that could not be kept after the documents were has them handled again, and counted once', async () => {
  const organizationId = newId('org')
  let failures = 0
  instead.setApplied = async () => {
    failures += 1
    instead = {}
    throw new EngineUnavailable('graph')
  }
  const ids = await link(organizationId, [['town', 'ada'], ['town'], ['town', 'bea']])
  await caughtUp(organizationId)
  expect(failures).toBe(1)
  expect(given).toEqual([ids, ids])
  expect(await counts(organizationId)).toEqual({ town: 3, ada: 1, bea: 1 })
})

test('of a document that was read again, only the last reading is taken over; of one that was deleted, nothing', async () => {
  const organizationId = newId('org')
  instead.recordDocuments = () => Promise.reject(new EngineUnavailable('graph'))
  const [again = '', gone = ''] = await link(organizationId, [['old'], ['gone'], ['kept']])
  await platform.sql.withOrganization({ organizationId }, async (tx) => {
    const run = await resetForRun(tx, again)
    await saveMentions(tx, { documentId: again, organizationId }, { mentions: [mention('new')], relations: [] })
    publish(tx, documentLinked({ documentId: again, run }))
    await tx
      .withTables<{ 'documents.document': { id: string } }>()
      .deleteFrom('documents.document')
      .where('id', '=', gone)
      .execute()
    publish(tx, documentDeleted({ documentId: gone, hash: null }))
  })
  instead = {}
  await caughtUp(organizationId)
  expect(await counts(organizationId)).toEqual({ kept: 1, new: 1 })
})

test('a document that the graph refuses does not hold up those beside it', async () => {
  const organizationId = newId('org')
  const { graph } = platform
  instead.recordDocuments = (organization, facts) =>
    facts.some(({ mentions }) => mentions.some(({ name }) => name === 'bea'))
      ? Promise.reject(new TypeError('no'))
      : graph.recordDocuments(organization, facts)
  await link(organizationId, [['ada'], ['bea'], ['cat']])
  await caughtUp(organizationId)
  expect(await counts(organizationId)).toEqual({ ada: 1, cat: 1 })
})

test('documents that became READY while the graph was away are whole once it has taken them over', async () => {
  const organizationId = newId('org')
  instead.recordDocuments = () => Promise.reject(new EngineUnavailable('graph'))
  const ids = await link(organizationId, [['ada'], ['bea']])
  await platform.sql.withOrganization({ organizationId }, async (tx) => {
    for (const documentId of ids)
      await writeStatus(tx, { documentId, run: 1 }, { stage: 'READY', degraded: ['LINKING'] })
  })
  instead = {}
  await caughtUp(organizationId)
  const lacking = await platform.sql.withOrganization({ organizationId }, (tx) =>
    tx
      .withTables<{ 'documents.document': { id: string; degraded: string[] } }>()
      .selectFrom('documents.document')
      .select('degraded')
      .execute(),
  )
  expect(lacking).toEqual([{ degraded: [] }, { degraded: [] }])
})
