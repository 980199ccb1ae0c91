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
  'contrat_Zoe_Canari_2024.pdf',
  'Canari;Zoé;Nice',
  'NOM : Canari   Prénom : Zoé',
  'prenom : Zoé ; nom de famille : Canari ; ville : Nice',
  'contratZoéCanari.pdf',
  '**Zoé** *Canari*',
  'Zoé\n\n   Canari',
  'Zoé Cana-\nri, gérante',
  'Zoé Cana\u00adri',
  'Zoe\u0301 Canari',
  '{"de":"Zo\\u00e9 Canari',
  'mailto:zoe%40canari.example',
  'İ zoe@canari.example',
  'sms_0612345678.txt',
  'whatsapp 33612345678',
  'tél. 06 1234 5678',
])('a person is found in %j', (text) => {
  expect(matcher.finds(text)).toBe(true)
  expect(matcher.finds(matcher.mask(text))).toBe(false)
})

test.each([
  'Zoé Canarienne',
  'Léon Canari',
  'le canari de Zoé',
  'Zoé et Canari',
  'prénom : Zoé ; nom : Lebrun, chez Canari',
  'zoe@autre.example',
  'tél. 06 12 34 56 79',
  'n° 106123456789',
])('another one is not: %j', (text) => {
  expect(matcher.finds(text)).toBe(false)
  expect(matcher.mask(text)).toBe(text)
})

test('a masked text keeps every offset, also behind signs of two units', () => {
  const text = '😀 Zoé Canari, 3 colis ✓ zoe@canari.example fin'
  const masked = matcher.mask(text)
  expect(masked).toBe('😀 ███ ██████, 3 colis ✓ ██████████████████ fin')
  expect(masked.indexOf('fin')).toBe(text.indexOf('fin'))
})

test.each([
  ['Zoé Canari', ['ZOÉ CANARI', 'canari zoe', 'zoe%40canari.example', 'tel 06-12-34-56-78', 'Zo\\u00e9 Ca\\u00f1ari']],
  ['Ann McDonald', ['Ann McDonald', 'ann mcdonald', 'AnnMcDonald.pdf', 'MCDONALD Ann']],
  ['Łukasz Wójcik', ['Łukasz Wójcik', 'LUKASZ WOJCIK', 'Wójcik, Łukasz']],
  ['Jana Dvorak', ['Jana Dvořák', 'Jana Dvořák'.normalize('NFD')]],
  ['Hélène Février', ['HELENE FEVRIER', 'Hélène Février'.normalize('NFD')]],
  ['José Lecœur', ['José Lecoeur', 'JOSE LECŒUR']],
  ['Jürgen Weiß', ['Jürgen Weiss', 'JÜRGEN WEISS', 'Jürgen Weiß']],
  ['Sofia Griffith', ['Soﬁa Griﬃth']],
  ['Đorđe Šimić', ['Đorđe Šimić', 'Dorde Simic']],
  ['J.P. Saint-Clair', ['J.P. St Clair', 'JP Saint Clair']],
])('%s is found in every spelling, and each of them is let through by a pattern of the database', (name, spellings) => {
  const known = createMatcher({ ...subject, names: [name] })
  for (const text of spellings) {
    expect(known.finds(text), text).toBe(true)
    expect(
      known.loosePatterns.some((loose) => new RegExp(loose, 'u').test(text)),
      text,
    ).toBe(true)
  }
})

test('a name is the same one whichever of its words stands first, and no longer one', () => {
  expect(['Zoé Canari', 'Mme CANARI Zoe'].every(matcher.isName)).toBe(true)
  expect(['Zoé Canari Conseil', 'Canari', ''].some(matcher.isName)).toBe(false)
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
