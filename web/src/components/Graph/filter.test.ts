import { describe, expect, it } from 'vitest'
import { countParts, parseFilter, toQuery } from './filter'
import { fillMonths } from './months'

const nothing = { around: '', links: '', since: '', until: '' }

describe('the filter of a neighbourhood', () => {
  it('reads what an address holds and passes over what it does not know', () => {
    const filter = parseFilter({ around: 'PERSON,ROBOT', links: 'WORKS_FOR,x', since: '2026-01-31', until: 'soon' })
    expect(filter).toEqual({ types: ['PERSON'], relations: ['WORKS_FOR'], since: '2026-01-31', until: '' })
    expect(countParts(filter)).toBe(3)
    expect(countParts(parseFilter(nothing))).toBe(0)
  })

  it('asks for nothing that is not chosen', () => {
    expect(toQuery(parseFilter(nothing))).toEqual({})
  })

  it('takes whole days, the last one included', () => {
    const { since, until } = toQuery(parseFilter({ ...nothing, since: '2026-01-31', until: '2026-01-31' }))
    expect(since).toBe(new Date('2026-01-31T00:00:00').toISOString())
    expect(until).toBe(new Date('2026-02-01T00:00:00').toISOString())
  })

  it('leaves the end open when it lies before the beginning', () => {
    expect(toQuery(parseFilter({ ...nothing, since: '2026-02-02', until: '2026-01-01' }))).not.toHaveProperty('until')
  })
})

describe('months of a chart', () => {
  const month = (name: string) => ({ month: name, documents: 1, mentions: 2 })

  it('are all there between the first and the last', () => {
    expect(
      fillMonths([month('2025-11'), month('2026-02')]).map(({ month: name, documents }) => [name, documents]),
    ).toEqual([
      ['2025-11', 1],
      ['2025-12', 0],
      ['2026-01', 0],
      ['2026-02', 1],
    ])
  })

  it('are the latest two years', () => {
    const filled = fillMonths([month('2001-01'), month('2026-02')])
    expect([filled.length, filled[0]?.month, filled.at(-1)?.month]).toEqual([24, '2024-03', '2026-02'])
    expect(fillMonths([])).toEqual([])
  })
})
