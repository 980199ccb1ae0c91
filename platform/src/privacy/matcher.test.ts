import { expect, test } from 'vitest'
import { createMatcher } from './matcher.ts'
import { createSubject, subjectInput } from './subject.ts'

const subject = createSubject(
  'org_a',
  subjectInput.parse({ names: ['Zoé Canari'], emails: ['Zoe@Canari.example'], phones: ['06 12 34 56 78'] }),
)
const matcher = createMatcher(subject)

test.each([
  'Livré à Zoé Canari.',
  'MME ZOE CANARI',
  'Canari, Zoé',
  'CANARI\nZoe',
  'écrire à zoe@canari.example',
  'tél. +33 6 12 34 56 78',
  'tél. 06.12.34.56.78',
])('a person is found in %j', (text) => {
  expect(matcher.finds(text)).toBe(true)
  expect(matcher.finds(matcher.mask(text))).toBe(false)
})

test.each(['Zoé Canarienne', 'Léon Canari', 'le canari de Zoé', 'zoe@autre.example', 'tél. 06 12 34 56 79'])(
  'another one is not: %j',
  (text) => {
    expect(matcher.finds(text)).toBe(false)
    expect(matcher.mask(text)).toBe(text)
  },
)

test('a masked text keeps every offset, also behind signs of two units', () => {
  const text = '😀 Zoé Canari, 3 colis ✓ zoe@canari.example fin'
  const masked = matcher.mask(text)
  expect(masked).toBe('😀 ███ ██████, 3 colis ✓ ██████████████████ fin')
  expect(masked.indexOf('fin')).toBe(text.indexOf('fin'))
})

test('a text that the matcher finds something in is matched by one of its patterns', () => {
  const toRegExp = (like: string) =>
    new RegExp(
      `^${like
        .replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
        .replaceAll('%', '[^]*')
        .replaceAll('_', '[^]')}$`,
      'iu',
    )
  for (const text of ['ZOÉ CANARI', 'canari zoe', 'zoe@canari.example', 'tel 06-12-34-56-78'])
    expect(matcher.likePatterns.some((like) => toRegExp(like).test(text))).toBe(true)
})

test('nobody is looked for by a single word, a wrong number or nothing', () => {
  for (const input of [{ names: ['Zoé'] }, { phones: ['06 12'] }, { emails: ['zoe@'] }, {}])
    expect(subjectInput.safeParse(input).success).toBe(false)
})

test('whom to look for holds nothing that no store can hold, and names are one line', () => {
  for (const input of [
    { names: ['Zoé\u0000 Canari'] },
    { entityIds: ['ent_\u0000'] },
    { emails: ['zoe@canari.example\u0007'] },
  ])
    expect(subjectInput.safeParse(input).success).toBe(false)
  expect(subjectInput.parse({ names: [' Zoé\n\tCanari '] }).names).toEqual(['Zoé Canari'])
})
