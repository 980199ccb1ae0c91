import { expect, it } from 'vitest'
import { toChange, toInput, toValues } from './fields'

it('a new record is sent without the fields left empty', () => {
  expect(toInput({ name: ' Fret ', email: '  ', other: 'x' }, ['name', 'email'])).toEqual({ name: 'Fret' })
})

it('a changed record says which fields were emptied', () => {
  expect(toChange({ name: 'Fret', email: ' ' }, ['name', 'email'])).toEqual({ name: 'Fret', email: null })
})

it('a form opens on the texts of a record', () => {
  expect(toValues({ id: 'cli_1', name: 'Fret', email: null, count: 2 })).toEqual({ id: 'cli_1', name: 'Fret' })
})
