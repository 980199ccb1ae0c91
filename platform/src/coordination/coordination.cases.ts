import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { InvalidInput } from '../schema/refusals.ts'
import type { Coordination } from './coordination.ts'
import { describeSemaphore } from './semaphore/semaphore.cases.ts'

/** One store that several clients open; `open` may be called many times. */
export interface CoordinationStore {
  open(options?: { leaseMs?: number }): Promise<Coordination>
  /** Everything of the store is gone afterwards. */
  destroy(): Promise<void>
}

/** What every adapter of the coordination port does. `prepare` makes an empty store. */
export function describeCoordination(name: string, prepare: () => Promise<CoordinationStore>): void {
  describe(`coordination on ${name}`, () => {
    let store: CoordinationStore
    let one: Coordination
    let two: Coordination

    beforeEach(async () => {
      store = await prepare()
      one = await store.open()
      two = await store.open()
    })
    afterEach(async () => {
      await Promise.all([one.close(), two.close()])
      await store.destroy()
    })

    describeMemory(
      () => one,
      () => two,
    )
    describeLimits(
      () => one,
      () => two,
    )
    describeChannels(
      () => one,
      () => two,
    )
    it('is well', async () => expect(await one.health()).toBeUndefined())
  })
  describeSemaphore(name, prepare)
}

type Client = () => Coordination

function describeMemory(one: Client, two: Client): void {
  it('remembers a value for every client until its time has come', async () => {
    await one().memory.set('org_a', 'greeting', 'bonjour', 60)
    await one().memory.set('org_a', 'short', 'à bientôt', 0.05)
    expect(await two().memory.get('org_a', 'greeting')).toBe('bonjour')
    await vi.waitFor(async () => expect(await two().memory.get('org_a', 'short')).toBeNull(), 5000)
    expect(await two().memory.get('org_a', 'greeting')).toBe('bonjour')
  })

  it('removes a value, and a list', async () => {
    await one().memory.set('org_a', 'value', 'x', 60)
    await one().memory.append('org_a', 'list', { value: 'x', size: 1 }, { maxEntries: 5, maxSize: 5, ttlSeconds: 60 })
    await two().memory.remove('org_a', 'value')
    await two().memory.remove('org_a', 'list')
    expect(await one().memory.get('org_a', 'value')).toBeNull()
    expect(await one().memory.list('org_a', 'list')).toEqual({ values: [], expiresAt: null })
  })

  it('removes everything of an organisation that begins so, and nothing of another', async () => {
    await one().memory.set('org_gone', 'session:a:1', 'x', 60)
    await one().memory.set('org_gone', 'other[*', 'x', 60)
    await one().memory.append(
      'org_gone',
      'session:a:2',
      { value: 'x', size: 1 },
      { maxEntries: 5, maxSize: 5, ttlSeconds: 60 },
    )
    await one().memory.set('org_gone:session', 'a', 'x', 60)
    expect(await two().memory.removeAll('org_gone', 'session:a:')).toBe(2)
    expect(await one().memory.get('org_gone', 'session:a:1')).toBeNull()
    expect((await one().memory.list('org_gone', 'session:a:2')).values).toEqual([])
    expect(await two().memory.removeAll('org_gone', 'other[')).toBe(1)
    expect(await two().memory.removeAll('org_gone', '')).toBe(0)
    expect(await one().memory.get('org_gone:session', 'a')).toBe('x')
  })

  it('keeps organisations apart, however the keys are spelled', async () => {
    await one().memory.set('org_a', 'b:c', 'of a', 60)
    await one().memory.set('org_a:b', 'c', 'of a:b', 60)
    expect(await one().memory.get('org_a', 'b:c')).toBe('of a')
    expect(await one().memory.get('org_b', 'b:c')).toBeNull()
    await one().memory.remove('org_a:b', 'c')
    expect(await one().memory.get('org_a', 'b:c')).toBe('of a')
  })

  it('drops the oldest entries of a list beyond the number and beyond the size', async () => {
    const append = (value: string, size: number) =>
      one().memory.append('org_a', 'turns', { value, size }, { maxEntries: 3, maxSize: 10, ttlSeconds: 60 })
    for (const value of ['1', '2', '3', '4']) await append(value, 1)
    expect((await two().memory.list('org_a', 'turns')).values).toEqual(['2', '3', '4'])
    await append('5', 9)
    expect((await two().memory.list('org_a', 'turns')).values).toEqual(['4', '5'])
    await append('larger than all', 11)
    expect((await two().memory.list('org_a', 'turns')).values).toEqual([])
  })

  it('loses no entry when many append at once', async () => {
    const bounds = { maxEntries: 100, maxSize: 1000, ttlSeconds: 60 }
    const clients = [one(), two()]
    await Promise.all(
      Array.from({ length: 60 }, (_, index) =>
        clients[index % 2]!.memory.append('org_a', 'busy', { value: `${index}`, size: 1 }, bounds),
      ),
    )
    const { values } = await one().memory.list('org_a', 'busy')
    expect(values.map(Number).toSorted((left, right) => left - right)).toEqual(
      Array.from({ length: 60 }, (_, index) => index),
    )
  })

  it('renews a list with every entry, and then forgets all of it', async () => {
    const append = (ttlSeconds: number) =>
      one().memory.append('org_a', 'turns', { value: 'x', size: 1 }, { maxEntries: 9, maxSize: 9, ttlSeconds })
    await append(0.05)
    await append(3600)
    const { expiresAt } = await two().memory.list('org_a', 'turns')
    expect(expiresAt?.getTime()).toBeGreaterThan(Date.now() + 3_000_000)
    await append(0.05)
    await vi.waitFor(
      async () => expect(await two().memory.list('org_a', 'turns')).toEqual({ values: [], expiresAt: null }),
      5000,
    )
    await append(60)
    expect((await two().memory.list('org_a', 'turns')).values).toEqual(['x'])
  })

  it('lets the last write decide whether a key is a value or a list', async () => {
    const bounds = { maxEntries: 9, maxSize: 9, ttlSeconds: 60 }
    await one().memory.append('org_a', 'key', { value: 'entry', size: 1 }, bounds)
    await one().memory.set('org_a', 'key', 'value', 60)
    expect((await one().memory.list('org_a', 'key')).values).toEqual([])
    await one().memory.append('org_a', 'key', { value: 'entry', size: 1 }, bounds)
    expect(await one().memory.get('org_a', 'key')).toBeNull()
    expect((await one().memory.list('org_a', 'key')).values).toEqual(['entry'])
  })

  it('refuses a time-to-live that is none', async () => {
    for (const ttl of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
      await expect(one().memory.set('org_a', 'key', 'value', ttl)).rejects.toBeInstanceOf(InvalidInput)
    }
  })
}

function describeLimits(one: Client, two: Client): void {
  it('lets through exactly the limit, whoever asks and however many at once', async () => {
    const clients = [one(), two()]
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, index) =>
        clients[index % 2]!.limit('org_a', 'questions', { limit: 10, windowSeconds: 3600 }),
      ),
    )
    expect(answers.filter((answer) => answer.allowed)).toHaveLength(10)
    expect(answers.at(-1)).toMatchObject({ allowed: false, remaining: 0 })
    expect((await one().limit('org_b', 'questions', { limit: 10, windowSeconds: 3600 })).remaining).toBe(9)
    expect((await one().limit('org_a', 'uploads', { limit: 10, windowSeconds: 3600 })).remaining).toBe(9)
  })

  it('takes the cost whole or not at all', async () => {
    const rule = { limit: 10, windowSeconds: 3600 }
    expect(await one().limit('org_a', 'cost', { ...rule, cost: 7 })).toMatchObject({ allowed: true, remaining: 3 })
    expect(await one().limit('org_a', 'cost', { ...rule, cost: 4 })).toMatchObject({ allowed: false, remaining: 3 })
    expect(await one().limit('org_a', 'cost', { ...rule, cost: 3 })).toMatchObject({ allowed: true, remaining: 0 })
    expect(await one().limit('org_a', 'cost', { ...rule, cost: 0 })).toMatchObject({ allowed: true, remaining: 0 })
    expect(await one().limit('org_a', 'cost', { ...rule, cost: 11 })).toMatchObject({ allowed: false })
  })

  it('gives back what has left the window, at the moment it told', async () => {
    const rule = { limit: 2, windowSeconds: 0.3 }
    await one().limit('org_a', 'slide', { ...rule, cost: 2 })
    const { allowed, resetsAt } = await two().limit('org_a', 'slide', rule)
    expect(allowed).toBe(false)
    await sleep(resetsAt.getTime() - Date.now() + 2)
    expect(await two().limit('org_a', 'slide', { ...rule, cost: 2 })).toMatchObject({ allowed: true, remaining: 0 })
  })

  it('refuses a rule that makes no sense', async () => {
    for (const rule of [
      { limit: -1, windowSeconds: 1 },
      { limit: 1, windowSeconds: 0 },
      { limit: 1, windowSeconds: 1, cost: -1 },
    ]) {
      await expect(one().limit('org_a', 'key', rule)).rejects.toBeInstanceOf(InvalidInput)
    }
  })
}

function describeChannels(one: Client, two: Client): void {
  it('tells everyone who listens now, in order, and nobody else', async () => {
    const heard: string[] = []
    await one().publish('news', 'too early')
    const leave = await two().subscribe('news', (message) => void heard.push(`two ${message}`))
    await one().subscribe('news', (message) => void heard.push(`one ${message}`))
    await one().subscribe('other', () => expect.fail('This is another channel.'))
    await one().publish('news', '1')
    await one().publish('news', '2')
    await vi.waitFor(() => expect(heard).toHaveLength(4), 5000)
    expect(heard.filter((message) => message.startsWith('two'))).toEqual(['two 1', 'two 2'])
    await leave()
    await one().publish('news', '3')
    await vi.waitFor(() => expect(heard).toContain('one 3'), 5000)
    expect(heard).not.toContain('two 3')
  })

  it('keeps telling the others when a listener fails', async () => {
    const heard: string[] = []
    await one().subscribe('news', () => {
      throw new Error('This listener is broken.')
    })
    await one().subscribe('news', (message) => void heard.push(message))
    await two().publish('news', 'still here')
    await vi.waitFor(() => expect(heard).toEqual(['still here']), 5000)
  })
}
