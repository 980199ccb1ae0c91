import { expect, it } from 'vitest'
import { emptyFields, fieldErrors, isRefusal } from './refusal'

const refusal = { __typename: 'InvalidInput', code: 'INVALID_INPUT', message: 'no' }

it('a refusal is told from a success by what it carries', () => {
  expect(isRefusal(refusal)).toBe(true)
  expect(isRefusal({ __typename: 'Session' })).toBe(false)
})

it('a refusal lands on the field its path ends with, or on the form', () => {
  expect(fieldErrors({ ...refusal, path: ['input', 'email'] }, ['email'])).toEqual({ email: 'no' })
  expect(fieldErrors({ ...refusal, path: ['input', 'other'] }, ['email'])).toEqual({ form: 'no' })
  expect(fieldErrors(refusal, ['email'])).toEqual({ form: 'no' })
})

it('a field that holds only white space is empty', () => {
  expect(emptyFields({ name: ' ', email: 'a@b.fr', note: undefined })).toEqual(['name', 'note'])
})
