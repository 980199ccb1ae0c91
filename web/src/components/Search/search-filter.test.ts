import { expect, it } from 'vitest'
import { mostParties, toPartyIds, toSearchFilter } from './search-filter'

const today = new Date('2026-11-20T00:00:00Z')
const none = { kind: '', format: '', period: '', collection: '', entities: [] }

it('no choice is no filter', () => {
  expect(toSearchFilter(none, today)).toBeUndefined()
})

it('each choice limits the search, and what is unknown does not', () => {
  expect(
    toSearchFilter(
      { kind: 'INVOICE', format: 'pdf', period: 'week', collection: 'col_1', entities: ['ent_1', 'ent_2'] },
      today,
    ),
  ).toEqual({
    kinds: ['INVOICE'],
    contentTypes: ['application/pdf'],
    createdAfter: '2026-11-13T00:00:00.000Z',
    collectionIds: ['col_1'],
    entityIds: ['ent_1', 'ent_2'],
  })
  expect(toSearchFilter({ ...none, format: 'constructor', period: 'never' }, today)).toBeUndefined()
})

it('an address names each party once, and not more than are taken', () => {
  expect(toPartyIds('')).toEqual([])
  expect(toPartyIds('ent_1,,ent_2,ent_1')).toEqual(['ent_1', 'ent_2'])
  expect(toPartyIds(Array.from({ length: 30 }, (_none, index) => `ent_${index}`).join())).toHaveLength(mostParties)
})
