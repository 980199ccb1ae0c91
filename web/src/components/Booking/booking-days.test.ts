import { expect, it } from 'vitest'
import { addDays, addMonths, localDay, weeksOf } from './booking-days'

it('says the day of this browser, whatever the day is elsewhere', () => {
  expect(localDay(new Date(2026, 0, 5, 23, 59))).toBe('2026-01-05')
  expect(localDay(new Date(2026, 11, 31, 0, 1))).toBe('2026-12-31')
})

it('counts days and months over the ends of months and years', () => {
  expect([addDays('2026-12-31', 1), addDays('2028-03-01', -1)]).toEqual(['2027-01-01', '2028-02-29'])
  expect([addMonths('2026-12-31', 1), addMonths('2026-01-15', -1)]).toEqual(['2027-01-01', '2025-12-01'])
})

it('gives whole weeks from Monday on for a month, and no week that has none of its days', () => {
  const weeks = weeksOf('2026-12-20')
  expect(weeks.map((week) => [week[0], week.at(-1)])).toEqual([
    ['2026-11-30', '2026-12-06'],
    ['2026-12-07', '2026-12-13'],
    ['2026-12-14', '2026-12-20'],
    ['2026-12-21', '2026-12-27'],
    ['2026-12-28', '2027-01-03'],
  ])
  expect(weeksOf('2027-02-01')).toHaveLength(4)
})
