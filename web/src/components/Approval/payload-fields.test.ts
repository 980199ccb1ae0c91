import { expect, test } from 'vitest'
import { fieldsOf, fromText, pageOf, toText } from './payload-fields'

const schema = {
  type: 'object',
  properties: {
    title: { type: 'string' },
    times: { type: 'integer' },
    loud: { type: 'boolean' },
    size: { type: 'string', enum: ['S', 'L'] },
    tags: { type: 'array' },
  },
  required: ['title'],
}

test('a payload has a field for each property, by what it takes', () => {
  expect(fieldsOf(schema).map(({ name, kind, required }) => [name, kind, required])).toEqual([
    ['title', 'text', true],
    ['times', 'number', false],
    ['loud', 'boolean', false],
    ['size', 'choice', false],
    ['tags', 'json', false],
  ])
  expect(fieldsOf(null)).toEqual([])
})

test('what is shown and left alone is what it was', () => {
  const payload = { title: 'a', times: 3, loud: true, size: 'S', tags: ['x', 'y'] }
  for (const field of fieldsOf(schema)) {
    const value = payload[field.name as keyof typeof payload]
    expect(fromText(field, toText(value))).toEqual(value)
  }
})

test('an id leads to the page of what it names, and nothing else is a link', () => {
  const id = '01a1f9e98b947259aa91a3d8a75d0eac'
  expect(pageOf(`doc_${id}`)).toEqual({ name: 'document', params: { id: `doc_${id}` } })
  for (const none of [`usr_${id}`, 'doc_1', `see doc_${id}`, '']) expect(pageOf(none)).toBeNull()
})

test('what is emptied is left out, and what is not of its kind is sent for the server to say so', () => {
  expect(fromText({ kind: 'number' }, '')).toBeUndefined()
  expect(fromText({ kind: 'number' }, 'trois')).toBe('trois')
  expect(fromText({ kind: 'json' }, '[1')).toBe('[1')
})
