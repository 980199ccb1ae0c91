import { expect, it } from 'vitest'
import { missingOf, toDraft, toInput } from './booking-draft'

const property = { id: 'prp_1', name: 'Villa' }

it('begins with what is known, and says what is missing', () => {
  const draft = toDraft({ property, arrival: '2026-12-20' })
  expect(missingOf(draft)).toEqual(['departure'])
  expect(missingOf(toDraft({}))).toEqual(['propertyId', 'arrival', 'departure'])
})

it('sends an emptied field as nothing, and what is no number of people as one that is refused', () => {
  const draft = { ...toDraft({ property, arrival: '2026-12-20' }), departure: '2026-12-21', note: '  ' }
  expect(toInput(draft)).toMatchObject({
    propertyId: 'prp_1',
    clientId: null,
    guests: null,
    reference: null,
    note: null,
  })
  expect(toInput({ ...draft, guests: '4' }).guests).toBe(4)
  expect(toInput({ ...draft, guests: '2.5' }).guests).toBe(0)
})
