import { expect, it } from 'vitest'
import { fromLocalField, toLocalField, tomorrowMorning } from './local-moment'

it('a moment goes into a field and comes out of it as it was, to the minute', () => {
  const moment = '2026-12-01T08:30:00.000Z'
  expect(toLocalField(moment)).toMatch(/^2026-1[12]-\d\dT\d\d:30$/)
  expect(fromLocalField(toLocalField(moment))).toBe(moment)
})

it('an empty field, or one that holds no moment, is none', () => {
  expect(fromLocalField('')).toBeNull()
  expect(fromLocalField('2026-13-45T99:99')).toBeNull()
})

it('what is planned first is planned for nine in the morning of the day after, where the person is', () => {
  const planned = new Date(tomorrowMorning(new Date(2026, 11, 31, 23, 59)))
  expect([planned.getFullYear(), planned.getMonth(), planned.getDate(), planned.getHours()]).toEqual([2027, 0, 1, 9])
})
