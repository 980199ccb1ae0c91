import { NotAllowed, Refusal } from '@passerelle/platform/schema'
import { expect, test, vi } from 'vitest'
import type { Answer } from '../conversations/answer.ts'
import { createRuns, type AskEvent, type Work } from './events.ts'

const answer = { id: 'ans_1', text: 'un deux' } as Answer
const toRefusal = (error: unknown): Refusal => {
  if (error instanceof Refusal) return error
  throw error
}

/** Work whose every step the test decides. */
function createWork() {
  let emit: (text: string) => void = () => {}
  let signal = new AbortController().signal
  const end = Promise.withResolvers<Answer>()
  let started = 0
  const work: Work = (write, abort) => {
    started++
    emit = write
    signal = abort
    return end.promise
  }
  return { work, emit: (text: string) => emit(text), end, signal: () => signal, started: () => started }
}

async function read(events: AsyncIterable<AskEvent>): Promise<string[]> {
  const heard: string[] = []
  for await (const event of events) heard.push(event.type === 'token' ? event.text : event.type)
  return heard
}

test('who joins late hears everything from the first word, and it is worked on once', async () => {
  const runs = createRuns()
  const { work, emit, end, started } = createWork()
  const first = read(runs.join('a', work, toRefusal))
  emit('un')
  const second = read(runs.join('a', work, toRefusal))
  emit(' deux')
  end.resolve(answer)
  expect(await first).toEqual(['un', ' deux', 'answer'])
  expect(await second).toEqual(['un', ' deux', 'answer'])
  expect(started()).toBe(1)
})

test('other names are other runs, and a run that has ended is begun again', async () => {
  const runs = createRuns()
  const one = createWork()
  const other = createWork()
  const heard = [read(runs.join('a', one.work, toRefusal)), read(runs.join('b', other.work, toRefusal))]
  one.end.resolve(answer)
  other.end.resolve(answer)
  await Promise.all(heard)
  expect([one.started(), other.started()]).toEqual([1, 1])
  await read(runs.join('a', one.work, toRefusal))
  expect(one.started()).toBe(2)
})

test('a refusal is told, anything else is thrown at every listener', async () => {
  const runs = createRuns()
  const refused = createWork()
  const heard = read(runs.join('a', refused.work, toRefusal))
  refused.end.reject(new NotAllowed())
  expect(await heard).toEqual(['refused'])
  const broken = createWork()
  const failed = [read(runs.join('b', broken.work, toRefusal)), read(runs.join('b', broken.work, toRefusal))]
  broken.end.reject(new TypeError('a bug'))
  for (const reading of failed) await expect(reading).rejects.toThrow('a bug')
})

test('work goes on while somebody listens and for a while after, then it is stopped', async () => {
  vi.useFakeTimers()
  try {
    const runs = createRuns({ graceMs: 20_000 })
    const { work, signal, started } = createWork()
    const first = runs.join('a', work, toRefusal)
    const second = runs.join('a', work, toRefusal)
    await first.return?.()
    await vi.advanceTimersByTimeAsync(30_000)
    expect(signal().aborted).toBe(false)
    await second.return?.()
    await vi.advanceTimersByTimeAsync(19_000)
    const third = runs.join('a', work, toRefusal)
    await vi.advanceTimersByTimeAsync(30_000)
    expect(signal().aborted).toBe(false)
    await third.return?.()
    await vi.advanceTimersByTimeAsync(20_000)
    expect(signal().aborted).toBe(true)
    expect(started()).toBe(1)
  } finally {
    vi.useRealTimers()
  }
})

test('who comes when the work is being stopped begins it anew', async () => {
  vi.useFakeTimers()
  try {
    const runs = createRuns({ graceMs: 1 })
    const stopped = createWork()
    await runs.join('a', stopped.work, toRefusal).return?.()
    await vi.advanceTimersByTimeAsync(1)
    const next = createWork()
    const heard = read(runs.join('a', next.work, toRefusal))
    stopped.end.reject(stopped.signal().reason)
    await vi.advanceTimersByTimeAsync(0)
    next.end.resolve(answer)
    expect(await heard).toEqual(['answer'])
  } finally {
    vi.useRealTimers()
  }
})
