import { setImmediate as others } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { createTurns, type TurnsOptions } from './turns.ts'

const tooMany = new Error('Too many wait.')

/** Turns at works that end when they are told to. */
function openTurns(options: Partial<TurnsOptions> = {}) {
  const turns = createTurns({ most: 4, mostOfOne: 2, mostWaiting: 10, refusal: () => tooMany, ...options })
  const running: string[] = []
  const ends = new Map<string, { end: () => void; over: Promise<void> }>()
  const ask = (organizationId: string, name: string): Promise<void> => {
    const { promise, resolve } = Promise.withResolvers<void>()
    const over = turns.take(organizationId, async () => {
      running.push(name)
      await promise
      running.splice(running.indexOf(name), 1)
    })
    ends.set(name, { end: resolve, over })
    return over
  }
  const end = async (name: string): Promise<void> => {
    ends.get(name)?.end()
    await ends.get(name)?.over
    await others()
  }
  return { turns, running, ask, end }
}

it('lets one organisation have only its share, and another begin at once', async () => {
  const { running, ask, end } = openTurns()
  for (const name of ['a1', 'a2', 'a3', 'a4']) void ask('org_a', name)
  await others()
  expect(running).toEqual(['a1', 'a2'])
  void ask('org_b', 'b1')
  await others()
  expect(running).toEqual(['a1', 'a2', 'b1'])
  await end('a2')
  expect(running).toEqual(['a1', 'b1', 'a3'])
})

it('gives a free place to who has the fewest, in turn', async () => {
  const { running, ask, end } = openTurns({ most: 2 })
  for (const name of ['a1', 'a2', 'a3', 'a4']) void ask('org_a', name)
  for (const name of ['b1', 'b2']) void ask('org_b', name)
  void ask('org_c', 'c1')
  await others()
  const begun: string[] = []
  for (let first = running[0]; first; first = running[0]) {
    begun.push(first)
    await end(first)
  }
  expect(begun).toEqual(['a1', 'a2', 'b1', 'a3', 'c1', 'b2', 'a4'])
})

it('goes on after a work that fails, and refuses one more than may wait', async () => {
  const { turns, running, ask, end } = openTurns({ most: 1, mostWaiting: 1 })
  await expect(turns.take('org_a', () => Promise.reject(new Error('It failed.')))).rejects.toThrow('It failed.')
  void ask('org_a', 'a1')
  void ask('org_a', 'a2')
  await expect(turns.take('org_a', () => Promise.resolve())).rejects.toBe(tooMany)
  await end('a1')
  expect(running).toEqual(['a2'])
  await end('a2')
  expect(running).toEqual([])
})
