import { afterEach, expect, it, vi } from 'vitest'
import { momentAfter } from './moment.ts'

afterEach(() => void vi.useRealTimers())

it('is now, and never at or before what was', () => {
  vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-03-01T12:00:00.000Z') })
  const told = (before: string) => momentAfter(new Date(before)).toISOString()
  expect(told('2026-03-01T11:59:00.000Z')).toBe('2026-03-01T12:00:00.000Z')
  expect(told('2026-03-01T12:00:00.000Z')).toBe('2026-03-01T12:00:00.001Z')
  expect(told('2026-03-01T12:00:05.000Z')).toBe('2026-03-01T12:00:05.001Z')
})
