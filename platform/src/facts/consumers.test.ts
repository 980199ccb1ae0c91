import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId } from '../ids/ids.ts'
import { createLog } from '../log/log.ts'
import { EngineUnavailable } from '../schema/refusals.ts'
import type { Sql } from '../sql/sql.ts'
import { createTestDatabase, type TestDatabase } from '../sql/testing.ts'
import { openFacts, publish, type Facts } from './facts.ts'

let database: TestDatabase
const open: Facts[] = []
const log = createLog({ name: 'test', level: 'silent' })

beforeAll(async () => {
  database = await createTestDatabase()
})

afterAll(async () => {
  for (const facts of open) await facts.close()
  await database.drop()
})

/** A process of its own on the same log, impatient so that tests are quick. */
async function openProcess(sql: Sql = database.sql): Promise<Facts> {
  const facts = await openFacts(sql, log, { pollMs: 100, holdMs: 600 })
  open.push(facts)
  return facts
}

function happen(organizationId: string, ...numbers: number[]): Promise<void> {
  return database.sql.withOrganization({ organizationId }, async (tx) => {
    for (const n of numbers) publish(tx, { type: 'thing.happened', payload: { n } })
  })
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}

async function caughtUp(facts: Facts, name: string, organizationId: string): Promise<boolean> {
  return facts.reached(name, { organizationId, position: await facts.head(organizationId) }, { timeoutMs: 20_000 })
}

test('two processes handle each fact once and in order, also when one fact takes longer than a hold lasts', async () => {
  const organizationId = newId('org')
  await happen(organizationId, 1, 2, 3, 4)
  const handled: number[] = []
  let atOnce = 0
  for (const facts of [await openProcess(), await openProcess()]) {
    facts.consume({
      name: 'test.slow',
      types: ['thing.happened'],
      async handle(fact) {
        if (fact.organizationId !== organizationId) return
        expect(++atOnce).toBe(1)
        if (fact.payload.n === 2) await sleep(1_500)
        handled.push(fact.payload.n as number)
        atOnce--
      },
    })
  }
  expect(await caughtUp(open.at(-1) as Facts, 'test.slow', organizationId)).toBe(true)
  expect(handled).toEqual([1, 2, 3, 4])
})

test('what was handled before an engine went away is not handled again', async () => {
  const organizationId = newId('org')
  const handled: number[] = []
  let away = true
  const facts = await openProcess()
  await happen(organizationId, 1, 2, 3)
  facts.consume({
    name: 'test.away',
    types: ['thing.happened'],
    handle: (fact) => {
      if (fact.organizationId !== organizationId) return Promise.resolve()
      if (away && fact.payload.n === 3) return Promise.reject(new EngineUnavailable('test'))
      handled.push(fact.payload.n as number)
      return Promise.resolve()
    },
  })
  await expect.poll(() => handled).toEqual([1, 2])
  await sleep(400)
  away = false
  expect(await caughtUp(facts, 'test.away', organizationId)).toBe(true)
  expect(handled).toEqual([1, 2, 3])
})

/** A consumer that takes three at once, and what it was given. */
function consumeTogether(
  organizationId: string,
  { name, fail = () => undefined }: { name: string; fail?: (numbers: readonly number[]) => Error | undefined },
) {
  const given: number[][] = []
  const take = async (facts: readonly { organizationId: string; payload: Record<string, unknown> }[]) => {
    if (facts[0]?.organizationId !== organizationId) return
    const numbers = facts.map(({ payload }) => payload.n as number)
    const error = fail(numbers)
    if (error) throw error
    given.push(numbers)
  }
  const consumer = {
    name,
    types: ['thing.happened'],
    handle: (fact: Parameters<typeof take>[0][number]) => take([fact]),
    together: { most: 3, handle: take },
  }
  return { consumer, given }
}

test('a consumer that takes several facts at once is given what is due, in order, and each of them once', async () => {
  const organizationId = newId('org')
  const { consumer, given } = consumeTogether(organizationId, { name: 'test.together' })
  await happen(organizationId, 1, 2, 3, 4, 5, 6, 7)
  const facts = await openProcess()
  facts.consume(consumer)
  expect(await caughtUp(facts, 'test.together', organizationId)).toBe(true)
  await facts.close()
  expect(given).toEqual([[1, 2, 3], [4, 5, 6], [7]])
})

test('facts that fail together are handled one by one, and only the one that is at fault is set aside', async () => {
  const organizationId = newId('org')
  const { consumer, given } = consumeTogether(organizationId, {
    name: 'test.fault',
    fail: (numbers) => (numbers.includes(2) ? new Error('no') : undefined),
  })
  await happen(organizationId, 1, 2, 3, 4, 5)
  const facts = await openProcess()
  facts.consume(consumer)
  expect(await caughtUp(facts, 'test.fault', organizationId)).toBe(true)
  await facts.close()
  expect(given).toEqual([[1], [3], [4, 5]])
})

test('facts that were handled together before an engine went away are not handled again', async () => {
  const organizationId = newId('org')
  let away = true
  const { consumer, given } = consumeTogether(organizationId, {
    name: 'test.awayTogether',
    fail: (numbers) => (away && numbers.includes(5) ? new EngineUnavailable('test') : undefined),
  })
  await happen(organizationId, 1, 2, 3, 4, 5, 6)
  const facts = await openProcess()
  facts.consume(consumer)
  await expect.poll(() => given).toEqual([[1, 2, 3]])
  away = false
  expect(await caughtUp(facts, 'test.awayTogether', organizationId)).toBe(true)
  await facts.close()
  expect(given).toEqual([
    [1, 2, 3],
    [4, 5, 6],
  ])
})

test('closing waits for the fact at hand and no other; the next process goes on right after it', async () => {
  const organizationId = newId('org')
  await happen(organizationId, ...Array.from({ length: 100 }, (_, index) => index + 1))
  const handled: number[] = []
  const consumer = {
    name: 'test.closed',
    types: ['thing.happened'],
    async handle(fact: { organizationId: string; payload: Record<string, unknown> }) {
      if (fact.organizationId !== organizationId) return
      await sleep(20)
      handled.push(fact.payload.n as number)
    },
  }
  const facts = await openProcess()
  facts.consume(consumer)
  await expect.poll(() => handled.length).toBeGreaterThan(2)
  await facts.close()
  const [before] = [handled.length]
  expect(before).toBeLessThan(50)
  const next = await openProcess()
  next.consume(consumer)
  expect(await caughtUp(next, 'test.closed', organizationId)).toBe(true)
  expect(handled).toEqual(Array.from({ length: 100 }, (_, index) => index + 1))
})

test('closing does not wait for the next try of a fact that fails', async () => {
  const organizationId = newId('org')
  await happen(organizationId, 1)
  const facts = await openProcess()
  let tries = 0
  facts.consume({
    name: 'test.failing',
    types: ['thing.happened'],
    handle: (fact) =>
      fact.organizationId === organizationId && ++tries ? Promise.reject(new Error('no')) : Promise.resolve(),
  })
  await expect.poll(() => tries, { timeout: 10_000 }).toBe(3)
  await facts.close()
  expect(tries).toBe(3)
})

test('a hundred organisations with work do not take every connection', async () => {
  const organizations = Array.from({ length: 100 }, () => newId('org'))
  for (const organizationId of organizations) await happen(organizationId, 1)
  let [atOnce, most] = [0, 0]
  const handled = new Set<string>()
  const facts = await openProcess({
    ...database.sql,
    async withOrganization(scope, work) {
      most = Math.max(most, ++atOnce)
      return database.sql.withOrganization(scope, work).finally(() => atOnce--)
    },
  })
  facts.consume({
    name: 'test.many',
    types: ['thing.happened'],
    handle: ({ organizationId }) => Promise.resolve(void handled.add(organizationId)),
  })
  await expect.poll(() => organizations.every((id) => handled.has(id)), { timeout: 20_000 }).toBe(true)
  expect(most).toBeLessThanOrEqual(4)
})

test('whoever has much to be handled takes turns with the others', async () => {
  const [long, longer, short] = [newId('org'), newId('org'), newId('org')]
  const numbers = Array.from({ length: 450 }, (_, index) => index)
  for (const organizationId of [long, longer]) await happen(organizationId, ...numbers)
  const handled = new Map([long, longer, short].map((id) => [id, 0]))
  const gate = Promise.withResolvers<void>()
  let before: number[] = []
  const facts = await openProcess()
  facts.consume({
    name: 'test.turns',
    types: ['thing.happened'],
    async handle({ organizationId }) {
      const count = handled.get(organizationId)
      if (count === undefined) return
      handled.set(organizationId, count + 1)
      if (organizationId === short) before = [long, longer].map((id) => handled.get(id) ?? 0)
      await gate.promise
    },
  })
  await expect.poll(() => [...handled.values()]).toEqual([1, 1, 0])
  await happen(short, 1)
  // It has been heard of by then.
  await sleep(500)
  gate.resolve()
  for (const organizationId of handled.keys()) expect(await caughtUp(facts, 'test.turns', organizationId)).toBe(true)
  expect([...handled.values()]).toEqual([450, 450, 1])
  expect(Math.max(...before)).toBeLessThan(450)
})

test('a consumer that has caught up asks the log no more than for its ends', async () => {
  const organizationId = newId('org')
  await happen(organizationId, 1)
  let units = 0
  const facts = await openProcess({
    ...database.sql,
    withOrganization(scope, work) {
      units++
      return database.sql.withOrganization(scope, work)
    },
  })
  facts.consume({ name: 'test.idle', types: ['thing.happened'], handle: () => Promise.resolve() })
  expect(await caughtUp(facts, 'test.idle', organizationId)).toBe(true)
  await expect
    .poll(
      async () => {
        const before = units
        await sleep(350)
        return units - before
      },
      { timeout: 20_000 },
    )
    .toBe(0)
})

test('an engine that comes back empty is fed again from the first fact', async () => {
  const organizationId = newId('org')
  let [engine, position] = [[] as number[], '0']
  const consumer = {
    name: 'test.engine',
    types: ['thing.happened'],
    handle: (fact: { organizationId: string; payload: Record<string, unknown> }) => {
      if (fact.organizationId === organizationId) engine.push(fact.payload.n as number)
      return Promise.resolve()
    },
    position: {
      engine: 'graph',
      load: (id: string) => Promise.resolve(id === organizationId ? position : '0'),
      save: (id: string, reached: string) => Promise.resolve(void (id === organizationId && (position = reached))),
    },
  }
  await happen(organizationId, 1, 2)
  const first = await openProcess()
  first.consume(consumer)
  expect(await caughtUp(first, 'test.engine', organizationId)).toBe(true)
  await first.close()
  ;[engine, position] = [[], '0']
  const second = await openProcess()
  second.consume(consumer)
  expect(await caughtUp(second, 'test.engine', organizationId)).toBe(true)
  expect(engine).toEqual([1, 2])
})

test('an engine is fed everything again when that is asked for, by no other process meanwhile', async () => {
  const organizationId = newId('org')
  let [engine, position] = [[] as number[], '0']
  let feeding = 0
  const consumer = {
    name: 'test.replayed',
    types: ['thing.happened'],
    handle: async (fact: { organizationId: string; payload: Record<string, unknown> }) => {
      if (fact.organizationId !== organizationId) return
      feeding++
      await sleep(20)
      engine.push(fact.payload.n as number)
      feeding--
    },
    position: {
      engine: 'graph',
      load: (id: string) => Promise.resolve(id === organizationId ? position : '0'),
      save: (id: string, reached: string) => Promise.resolve(void (id === organizationId && (position = reached))),
    },
  }
  const [first, second] = [await openProcess(), await openProcess()]
  first.consume(consumer)
  second.consume(consumer)
  await happen(organizationId, 1, 2, 3, 4, 5)
  const fedWhileEmptied: number[] = []
  await first.replay('graph', {
    organizationId,
    async empty() {
      ;[engine, position] = [[], '0']
      await happen(organizationId, 6)
      await sleep(100)
      fedWhileEmptied.push(...engine, feeding)
    },
    signal: AbortSignal.timeout(30_000),
  })
  expect(fedWhileEmptied).toEqual([0])
  expect(engine).toEqual([1, 2, 3, 4, 5, 6])
  expect(position).toBe(await first.head(organizationId))
})
