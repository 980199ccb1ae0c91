import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { effectScope } from 'vue'
import { useSoon } from './useSoon'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const open = (work: () => Promise<void>) => {
  const scope = effectScope()
  return { scope, soon: scope.run(() => useSoon(work, 500)) ?? (() => undefined) }
}

it('one change alone is followed by a run, and many at a time by one', () => {
  const work = vi.fn<() => Promise<void>>(() => Promise.resolve())
  const { soon } = open(work)
  soon()
  vi.advanceTimersByTime(500)
  expect(work).toHaveBeenCalledTimes(1)
  for (let change = 0; change < 10; change++) soon()
  vi.advanceTimersByTime(499)
  soon()
  vi.advanceTimersByTime(1_000)
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
