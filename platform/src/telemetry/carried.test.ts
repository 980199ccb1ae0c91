import { afterAll, beforeAll, expect, test } from 'vitest'
import { openFacts, publish, type Facts } from '../facts/facts.ts'
import { newId } from '../ids/ids.ts'
import { openJobs, type Jobs, type Queue } from '../jobs/jobs.ts'
import { createLog } from '../log/log.ts'
import { createTestDatabase, type TestDatabase } from '../sql/testing.ts'
import { attributeOf, openCollector, type Span } from './collector.testing.ts'
import { currentRequestId, startTracing, traced, underRequest } from './telemetry.ts'

const first: Queue<{ name: string }> = { name: 'first', retries: 1, concurrency: 1, perOrganization: 1 }
const second: Queue<{ name: string }> = { name: 'second', retries: 1, concurrency: 1, perOrganization: 1 }

const log = createLog({ name: 'test', level: 'silent' })
/** In whose name each of them worked. */
const names = new Map<string, string | undefined>()
let database: TestDatabase
let jobs: Jobs
let facts: Facts

beforeAll(async () => {
  database = await createTestDatabase([], [first, second])
  const { sql } = database
  jobs = await openJobs({ connection: database.app, sql, log })
  facts = await openFacts(sql, log, { pollMs: 100, holdMs: 600 })
  await jobs.work(first, async ({ organizationId, data }) => {
    names.set(`first ${data.name}`, currentRequestId())
    await sql.withOrganization({ organizationId }, async (tx) => {
      publish(tx, { type: 'thing.done', payload: data })
    })
  })
  await jobs.work(second, async ({ data }) => void names.set(`second ${data.name}`, currentRequestId()))
  facts.consume({
    name: 'test.after',
    types: ['thing.done'],
    async handle({ organizationId, payload: { name } }) {
      names.set(`fact ${String(name)}`, currentRequestId())
      await sql.withOrganization({ organizationId }, (tx) => jobs.enqueue(tx, second, { name: String(name) }))
    },
  })
})

afterAll(async () => {
  await facts.close()
  await jobs.close()
  await database.drop()
})

function begin(name: string): Promise<void> {
  return database.sql.withOrganization({ organizationId: newId('org') }, (tx) => jobs.enqueue(tx, first, { name }))
}

const done = (name: string) => expect.poll(() => names.has(`second ${name}`), { timeout: 30_000 }).toBe(true)

test('what follows from a request goes on in its name and its trace: jobs, facts, and the jobs that follow from those', async () => {
  const collector = await openCollector()
  const tracing = startTracing({ endpoint: collector.url, service: 'test' })
  await underRequest('req_asked', () => traced('request', { kind: 'server' }, () => begin('asked')))
  await done('asked')
  await tracing.close()
  await collector.close()

  const by = ['first', 'fact', 'second'].map((step) => names.get(`${step} asked`))
  expect(by).toEqual(['req_asked', 'req_asked', 'req_asked'])
  const one = (name: string): Span | undefined => collector.spans.find((span) => span.name === name)
  const chain = ['request', 'job first', 'fact thing.done', 'job second'].map(one)
  expect(new Set(chain.map((span) => span?.traceId)).size).toBe(1)
  for (const [index, span] of chain.entries())
    expect(span?.parentSpanId ?? '').toBe(index === 0 ? '' : chain[index - 1]?.spanId)
  for (const span of chain.slice(1)) expect(span && attributeOf(span, 'passerelle.request_id')).toBe('req_asked')
})

test('what the house does by itself is in nobody’s name', async () => {
  await begin('itself')
  await done('itself')
  expect(['first', 'fact', 'second'].map((step) => names.get(`${step} itself`))).toEqual([
    undefined,
    undefined,
    undefined,
  ])
})
