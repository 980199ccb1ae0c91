import { describe, expect, test } from 'vitest'
import { measure } from './bm25.testing.ts'
import { analyse, analyseQuery, termFrequencies, tokens } from './text.ts'

function meet(question: string, text: string): boolean {
  const terms = new Set(analyse(text, 'fr'))
  return analyseQuery(question).some((term) => terms.has(term))
}

describe('a question and a text that say the same have a term in common', () => {
  test.each([
    ['remboursements', 'le remboursement'],
    ['donnees personnelles', 'Les DONNÉES personnelles'],
    ['donné', 'des données'],
    ['conteneur', 'l’arrivée du porte‑conteneurs'],
    ['email', 'par e-mail'],
    ['oeuvre', 'une œuvre'],
    ['fa20245738', 'FA-2024-5738'],
    ['2024-5738', 'facture FA-2024-5738'],
    ['INV/2023/59255', 'Réf. facture INV/2023/59255'],
    ['78749501900095', 'SIRET 787 495 019 00095'],
    ['787495019', 'RCS Nantes 787 495 019'],
    ['FR7640770660822294192163550', 'IBAN FR76 4077 0660 8222 9419 2163 550'],
    ['6A54740512216', 'envoi 6A 54740 51221 6'],
    ['0240123456', 'Tél. 02 40 12 34 56'],
    ['1318,15', 'Total 1 318,15 €'],
    ['1 318,15', 'Total 1.318,15 EUR'],
    ['153,42', 'Palette\t2 153,42'],
    ['2023-10-18', 'émise le 18/10/2023'],
  ])('%s finds %s', (question, text) => {
    expect(meet(question, text)).toBe(true)
  })

  test.each([
    ['FA-2024-5739', '5738'],
    ['le la les', 'le la les'],
    ['retard', 'retour'],
  ])('%s does not find %s', (question, text) => {
    expect(meet(question, text)).toBe(false)
  })
})

test('English words are read after English rules', () => {
  expect(analyse("The carrier's deliveries were delayed", 'en')).toEqual(['carrier', 'deliveri', 'delay'])
})

test('a question whose language cannot be told is read after the rules of both', () => {
  expect(analyseQuery('deliveries Nantes')).toEqual([
    ...new Set([...analyse('deliveries Nantes', 'fr'), ...analyse('deliveries Nantes', 'en')]),
  ])
  expect(analyseQuery('où sont les livraisons')).toEqual(analyse('où sont les livraisons', 'fr'))
})

describe('a number typed in groups finds it printed in one piece or in other groups', () => {
  test.each([
    ['3401 2345 6123 4567 84', 'SSCC 340123456123456784'],
    ['où est 3401 2345 6123 4567 84 ?', 'palette 340123456123456784 en attente'],
    ['02.40.12.34.56', 'Tél. +33 2 40 12 34 56'],
    ['FR76 4077 0660 8222 9419 2163 550', 'IBAN FR7640770660822294192163550'],
    ['7874 9501 9000 95', 'SIRET 787 495 019 00095'],
    ['787.495.019.00095', 'SIRET 78749501900095'],
    ['MSCU 123456 7', 'MSCU1234567'],
    ['conteneur mscu 123456-7', 'MSCU1234567'],
    ['AB 123 CD', 'le véhicule AB-123-CD'],
  ])('%s finds %s', (question, text) => {
    const terms = new Set(analyse(text, 'fr'))
    expect(analyseQuery(question).filter((term) => term.length >= 7 && /\d/.test(term) && terms.has(term))).not.toEqual(
      [],
    )
  })

  test('words beside a number do not become part of it, and amounts are not joined to what stands beside them', () => {
    expect(analyseQuery('les 12 palettes')).toEqual(['12', 'palet'])
    expect(analyseQuery('la facture 2024, 15 francs')).toEqual(['factur', '2024', '15', 'franc'])
  })
})

test('an English word in a French question finds English texts', () => {
  const text = new Set(analyse('Deliveries are tracked, the pallets were damaged.', 'en'))
  for (const question of ['comment suivre ma delivery', 'le tracking du colis', 'où sont les pallets damaged'])
    expect(analyseQuery(question).some((term) => text.has(term))).toBe(true)
})

test('tokens know their place and frequencies count them', () => {
  const text = 'Les colis, les colis et 2024-12.'
  expect(tokens(text, 'fr').map(({ start, end }) => text.slice(start, end))).toEqual(['colis', 'colis', '2024-12'])
  expect(termFrequencies(text, 'fr').get('colis')).toBe(2)
})

test('plain BM25 over the French questions reaches what the literature reaches', () => {
  expect(measure(new URL('../../../tests/samples/retrieval/cnil_faq_fr/', import.meta.url), 'fr')).toBeGreaterThan(0.67)
})

test('hostile text is analysed to its end', () => {
  for (const part of ['a', 'a.', '1 ', '123 ', "l'", 'é', '\n', '-'])
    expect(analyse(part.repeat(50_000), 'fr').length).toBeLessThanOrEqual(200_000)
})
