import { expect, test } from 'vitest'
import { houseRules, invoice } from '../papers.testing.ts'
import type { Passage } from '../passage.ts'
import { readEvidence, supportOf } from './support.ts'

const passage = (text: string) => readEvidence(toPassage(text))

const toPassage = (text: string): Passage => ({
  chunkId: 'chk_1',
  documentId: 'doc_1',
  title: 'Papier',
  index: 0,
  text,
  pages: [1],
})

test('a sentence is supported by the words of the passage that say most of it', () => {
  expect(supportOf('Le total TTC est de 648,00 €.', passage(invoice))?.text).toBe('Total TTC 648,00 €')
  expect(supportOf('La caution est rendue dix jours après le départ.', passage(houseRules))?.text).toBe(
    'Elle est rendue dix jours après le départ.',
  )
})

test('a sentence with a number that the passage does not print is not supported', () => {
  expect(supportOf('Le total TTC est de 649,00 €.', passage(invoice))).toBeNull()
  expect(supportOf('La facture FA-2025-0418 est à régler avant le 05/03/2025.', passage(invoice))).toBeNull()
})

test('a sentence in other words is supported', () => {
  expect(supportOf('Il faut payer avant le 5 mars 2025.', passage(invoice))?.text).toBe('À régler avant le 05/03/2025')
  expect(supportOf("Les animaux sont admis jusqu'à 12 kg.", passage(houseRules))?.text).toContain('moins de 12 kg')
})

test('a number that is printed for something else supports nothing', () => {
  expect(supportOf('Il faut payer avant le 3 février 2025.', passage(invoice))).toBeNull()
  expect(supportOf('La villa compte 650 chambres.', passage(houseRules))).toBeNull()
})

test('a sentence that says two things is supported by both', () => {
  const quotation = supportOf('Le total TTC de 648,00 € est à régler avant le 5 mars 2025.', passage(invoice))
  expect(quotation?.text).toContain('Total TTC 648,00 €')
  expect(quotation?.text).toContain('À régler avant le 05/03/2025')
})

test('a sentence about something else is not supported', () => {
  expect(supportOf('Le petit-déjeuner est servi dans la véranda.', passage(houseRules))).toBeNull()
  expect(supportOf('…', passage(houseRules))).toBeNull()
})

test('a sentence in the other language is supported by its names and numbers', () => {
  expect(supportOf('The invoice FA-2025-0417 must be paid by 05/03/2025.', passage(invoice))?.text).toMatch(
    /FA-2025-0417|05\/03\/2025/,
  )
  expect(supportOf('The invoice FA-2025-0417 must be paid by 06/03/2025.', passage(invoice))).toBeNull()
})
