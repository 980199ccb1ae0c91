import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { effectScope } from 'vue'
import { useSoon } from './useSoon'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const open = (work: () => Promise<void>) => {
  const scope = effectScope()
  return { scope, soon: scope.run(() => useSoon(work, 500)) ?? (() => undefined) }
}

it('one change alone is followed by a run, and many at a time by one', async () => {
  const work = vi.fn<() => Promise<void>>(() => Promise.resolve())
  const { soon } = open(work)
  soon()
  await vi.advanceTimersByTimeAsync(500)
  expect(work).toHaveBeenCalledTimes(1)
  for (let change = 0; change < 10; change++) soon()
  await vi.advanceTimersByTimeAsync(499)
  soon()
  await vi.advanceTimersByTimeAsync(1_000)
  expect(work).toHaveBeenCalledTimes(2)
})

it('what fails is run again at the next change, and nothing runs for a component that is gone', async () => {
  const work = vi.fn<() => Promise<void>>(() => Promise.reject(new Error('away')))
  const { soon, scope } = open(work)
  soon()
  await vi.advanceTimersByTimeAsync(500)
  soon()
  await vi.advanceTimersByTimeAsync(500)
  soon()
  scope.stop()
  await vi.advanceTimersByTimeAsync(500)
  expect(work).toHaveBeenCalledTimes(2)
})

it('a change that comes while a run is under way is followed by another run, after it', async () => {
  const ends: (() => void)[] = []
  const { soon } = open(() => new Promise((resolve) => ends.push(resolve)))
  soon()
  await vi.advanceTimersByTimeAsync(500)
  soon()
  soon()
  await vi.advanceTimersByTimeAsync(2_000)
  expect(ends).toHaveLength(1)
  ends[0]?.()
  await vi.advanceTimersByTimeAsync(500)
  expect(ends).toHaveLength(2)
  ends[1]?.()
  await vi.advanceTimersByTimeAsync(2_000)
  expect(ends).toHaveLength(2)
})

it('a run that ends after its component is gone is followed by none', async () => {
  const ends: (() => void)[] = []
  const { soon, scope } = open(() => new Promise((resolve) => ends.push(resolve)))
  soon()
  await vi.advanceTimersByTimeAsync(500)
  soon()
  scope.stop()
  ends[0]?.()
  await vi.advanceTimersByTimeAsync(2_000)
  expect(ends).toHaveLength(1)
})
