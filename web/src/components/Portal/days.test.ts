import { describe, expect, it } from 'vitest'
import { daysBetween, stayState, today } from './days'

describe('a day', () => {
  it('is that of the clock on the wall, also right after midnight', () => {
    const midnight = new Date(2026, 10, 20, 0, 5)
    expect(today(midnight)).toBe('2026-11-20')
    expect(today(new Date(2026, 10, 20, 23, 55))).toBe('2026-11-20')
  })

  it('is as far from another as there are nights between them, over the change of the clocks too', () => {
    expect(daysBetween('2026-10-24', '2026-10-26')).toBe(2)
    expect(daysBetween('2026-03-28', '2026-03-30')).toBe(2)
    expect(daysBetween('2026-11-20', '2026-11-19')).toBe(-1)
  })
})

describe('a stay', () => {
  const stay = { arrival: '2026-11-20', departure: '2026-11-23' }
  it.each([
    ['2026-11-19', 'coming'],
    ['2026-11-20', 'now'],
    ['2026-11-23', 'now'],
    ['2026-11-24', 'over'],
  ] as const)('on %s is %s', (day, state) => expect(stayState(stay, day)).toBe(state))
})
