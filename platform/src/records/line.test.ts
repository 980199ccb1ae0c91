import { expect, test } from 'vitest'
import { optionalLine, requiredLine } from './line.ts'

const line = requiredLine('A title', 40)

test.each(['Ménage', '  deux mots  ', 'עברית \u200f123', 'العربية', '👩‍👩‍👧 famille', '李 小龍'])(
  '%s is a line',
  (text) => {
    expect(line.parse(text)).toBe(text.trim())
  },
)

test.each([
  ['nothing', ''],
  ['spaces', '   '],
  ['what nobody sees', '\u200b\u200d\ufeff'],
  ['two lines', 'a\nb'],
  ['two lines of Unicode', 'a\u2028b'],
  ['too much', 'x'.repeat(41)],
])('%s is no line', (_what, text) => {
  expect(line.safeParse(text).success).toBe(false)
})

test('what turns the direction of the words around it is left out, as of a number from an address book', () => {
  expect(line.parse('Facture \u202egnp.exe')).toBe('Facture gnp.exe')
  expect(line.parse('\u202a+33 6 12 34 56 78\u202c')).toBe('+33 6 12 34 56 78')
  expect(line.safeParse('\u2067\u2069').success).toBe(false)
})

test('a line that need not be there is none when it is empty', () => {
  const optional = optionalLine('A label', 40)
  expect([optional.parse(' '), optional.parse(null), optional.parse(undefined)]).toEqual([null, null, undefined])
})
