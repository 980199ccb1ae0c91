import { expect, test } from 'vitest'
import { daysBetween, lastMonths, monthDays } from './days'

test('a month has its days, in leap years too', () => {
  expect(monthDays('2028-02')).toEqual({ from: '2028-02-01', to: '2028-02-29' })
  expect(daysBetween(monthDays('2026-11'))).toHaveLength(30)
})

test('the months before this one go over the turn of the year, by the clock of Paris', () => {
  expect(lastMonths(3, new Date('2026-12-31T23:30:00Z'))).toEqual(['2027-01', '2026-12', '2026-11'])
})
