import { expect, test } from 'vitest'
import { analyseQuery, excerpts, highlight } from './text.ts'

const text =
  'Le transporteur est l’entreprise Durand. La livraison <express> a pris 3 jours. Le remboursement des colis est dû. Fin du contrat.'

test('matches stand between em marks in escaped text', () => {
  expect(excerpts(text, analyseQuery('livraisons express'), { language: 'fr' })).toEqual([
    'La <em>livraison</em> &lt;<em>express</em>&gt; a pris 3 jours.',
  ])
})

test('the sentences with the most different terms are shown, in reading order', () => {
  expect(excerpts(text, analyseQuery('remboursement colis transporteur'), { language: 'fr', most: 2 })).toEqual([
    'Le <em>transporteur</em> est l’entreprise Durand.',
    'Le <em>remboursement</em> des <em>colis</em> est dû.',
  ])
})

test('a long sentence is cut around its first match', () => {
  const long = `${'avant '.repeat(100)}palette ${'après '.repeat(100)}.`
  const [excerpt = ''] = excerpts(long, analyseQuery('palettes'), { language: 'fr', length: 80 })
  expect(excerpt).toContain('<em>palette</em>')
  expect(excerpt.length).toBeLessThan(110)
})

test('a text without a match gives its beginning, an empty one nothing', () => {
  expect(excerpts(text, analyseQuery('douane'), { language: 'fr' })).toEqual([
    'Le transporteur est l’entreprise Durand.',
  ])
  expect(excerpts('', ['douane'], { language: 'fr' })).toEqual([])
})

test('an identifier lights up whole, however it is printed', () => {
  const printed = 'SIRET 787 495 019 00095 à Nantes'
  expect(
    highlight(printed, analyseQuery('78749501900095'), 'fr').map(({ start, end }) => printed.slice(start, end)),
  ).toEqual(['787 495 019 00095'])
})

test('of numbers that are alike in part, the one that was asked for is shown', () => {
  const rows = [1009, 1010, 1017].map((number) => `Numéro : EXP-${number} ; Client : Garage Müller.`).join('\n')
  const [shown] = excerpts(rows, analyseQuery('EXP-1017'), { language: 'fr', most: 1 })
  expect(shown).toBe('Numéro : <em>EXP-1017</em> ; Client : Garage Müller.')
})

test('a row of a table that goes on on the next line is shown whole', () => {
  const row =
    'Numéro : EXP-1000 ; Client : Garage Müller ; Ville : Nantes ; Transporteur :\nChronopost ; Statut : livré'
  expect(excerpts(row, analyseQuery('Chronopost'), { language: 'fr' })).toEqual([
    row.replace('\n', ' ').replace('Chronopost', '<em>Chronopost</em>'),
  ])
})
