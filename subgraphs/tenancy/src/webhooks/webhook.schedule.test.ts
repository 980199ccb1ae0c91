import { expect, test } from 'vitest'
import { nextTry, patienceMs } from './webhook.schedule.ts'

test('tries come ever later, up to a day in all, and a receiver that asks for time has it', () => {
  const since = new Date('2026-11-20T12:00:00Z')
  const waits: number[] = []
  let now = since
  for (let attempts = 1; ; attempts++) {
    const next = nextTry({ attempts, since, retryAfterMs: null }, now)
    if (!next) break
    waits.push(next.getTime() - now.getTime())
    now = next
  }
  expect(now.getTime() - since.getTime()).toBeLessThanOrEqual(patienceMs)
  expect(now.getTime() - since.getTime()).toBeGreaterThan(patienceMs - 7.5 * 3_600_000)
  expect(waits[0]).toBeGreaterThanOrEqual(12_000)
  expect(waits[0]).toBeLessThanOrEqual(18_000)
  expect(Math.max(...waits)).toBeLessThanOrEqual(7.2 * 3_600_000)
  expect(waits.length).toBeGreaterThanOrEqual(9)
  const asked = nextTry({ attempts: 1, since, retryAfterMs: 600_000 }, since)
  expect(asked?.getTime()).toBe(since.getTime() + 600_000)
  const endless = nextTry({ attempts: 1, since, retryAfterMs: 10 * 24 * 3_600_000 }, since)
  expect(endless?.getTime()).toBe(since.getTime() + 6 * 3_600_000)
})
