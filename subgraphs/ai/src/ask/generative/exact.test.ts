import { expect, test } from 'vitest'
import { exactOf, printsAll } from './exact.ts'

test.each([
  [
    'an amount, however its thousands are set apart',
    'Total : 1 532,20 €',
    'Il faut payer 1.532,2 euros, soit 1532.20 en tout.',
  ],
  [
    'a day, however it is written',
    'Émise le 05/03/2025, due 1 April 2025',
    'Le 5 mars 2025 et le 1er avril 2025, or April 1, 2025 (2025-03-05).',
  ],
  [
    'a long number, however it is grouped',
    'IBAN FR76 3000 6000 0112, SIRET 732 829 320 00074',
    'FR7630006000 puis 73282932000074.',
  ],
  ['a reference, with other signs', 'Réf. FA 2025 0417', 'La facture FA-2025-0417.'],
  ['a number that is printed as a word', 'La villa compte quatre chambres.', 'La villa compte 4 chambres.'],
])('the same is printed: %s', (_what, source, text) => {
  expect(printsAll(text, exactOf(source))).toBe(true)
})

test.each([
  ['another amount', 'Total : 1 532,20 €', 'Il faut payer 1 532,30 €.'],
  ['another day', 'Émise le 05/03/2025', 'Émise le 6 mars 2025.'],
  ['day and month exchanged', 'Émise le 05/03/2025', 'Émise le 03/05/2025.'],
  ['another reference', 'Facture FA-2025-0417', 'Facture FA-2025-0418.'],
  ['a number that is part of another one', 'Total : 1 532,20 €', 'Il y a 32 colis.'],
])('it is not printed: %s', (_what, source, text) => {
  expect(printsAll(text, exactOf(source))).toBe(false)
})
