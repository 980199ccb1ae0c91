import { expect, test } from 'vitest'
import { gatherMs, nextDigest, nextLetter, type Hours } from './notification.clock.ts'

const paris: Hours = { timeZone: 'Europe/Paris', digestHour: 8, quietFrom: null, quietTo: null }
const at = (text: string): Date => new Date(text)

test('a mail goes a moment later, so that others may join it', () => {
  const now = at('2026-11-20T16:00:00Z')
  expect(nextLetter(paris, now).getTime() - now.getTime()).toBe(gatherMs)
})

test('in the quiet hours it waits until they are over, also those over midnight', () => {
  const night = { ...paris, quietFrom: 21, quietTo: 7 }
  expect(nextLetter(night, at('2026-11-20T21:30:00Z')).toISOString()).toBe('2026-11-21T06:00:00.000Z')
  expect(nextLetter(night, at('2026-11-21T03:00:00Z')).toISOString()).toBe('2026-11-21T06:00:00.000Z')
  expect(nextLetter(night, at('2026-11-21T06:00:00Z')).toISOString()).toBe('2026-11-21T06:01:00.000Z')
  const noon = { ...paris, quietFrom: 12, quietTo: 14 }
  expect(nextLetter(noon, at('2026-11-20T11:30:00Z')).toISOString()).toBe('2026-11-20T13:00:00.000Z')
  expect(nextLetter(noon, at('2026-11-20T13:30:00Z')).toISOString()).toBe('2026-11-20T13:31:00.000Z')
})

test('the digest goes at the person’s hour, in summer and in winter, and where clocks are set to the half hour', () => {
  expect(nextDigest(paris, at('2026-11-20T16:00:00Z')).toISOString()).toBe('2026-11-21T07:00:00.000Z')
  expect(nextDigest(paris, at('2026-07-20T05:59:00Z')).toISOString()).toBe('2026-07-20T06:00:00.000Z')
  expect(nextDigest(paris, at('2026-07-20T06:00:00Z')).toISOString()).toBe('2026-07-21T06:00:00.000Z')
  const kolkata = { ...paris, timeZone: 'Asia/Kolkata' }
  expect(nextDigest(kolkata, at('2026-11-20T16:00:00Z')).toISOString()).toBe('2026-11-21T02:30:00.000Z')
})

test('an hour that clocks skip or show twice does not lose the digest', () => {
  const two = { ...paris, digestHour: 2 }
  const skipped = nextDigest(two, at('2027-03-27T12:00:00Z'))
  expect(skipped.getTime() - at('2027-03-27T12:00:00Z').getTime()).toBeLessThanOrEqual(24 * 3_600_000)
  expect(nextDigest(two, at('2026-10-24T12:00:00Z')).toISOString()).toBe('2026-10-25T00:00:00.000Z')
})
