import { expect, it } from 'vitest'
import { toSearchFilter } from './search-filter'

const today = new Date('2026-11-20T00:00:00Z')

it('no choice is no filter', () => {
  expect(toSearchFilter({ kind: '', format: '', period: '' }, today)).toBeUndefined()
})

it('each choice limits the search, and what is unknown does not', () => {
  expect(toSearchFilter({ kind: 'INVOICE', format: 'pdf', period: 'week' }, today)).toEqual({
    kinds: ['INVOICE'],
    contentTypes: ['application/pdf'],
    createdAfter: '2026-11-13T00:00:00.000Z',
  })
  expect(toSearchFilter({ kind: '', format: 'constructor', period: 'never' }, today)).toBeUndefined()
})
