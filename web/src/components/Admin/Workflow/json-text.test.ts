import { expect, it } from 'vitest'
import { readJson } from './json-text'

it('reads what is JSON, takes nothing for null, and tells what is neither', () => {
  expect(readJson('{"a": [1, "é"]}')).toEqual({ value: { a: [1, 'é'] } })
  expect(readJson(' \n')).toEqual({ value: null })
  expect(readJson('{a: 1}')).toEqual({ fault: true })
})
