import { describe, expect, test } from 'vitest'
import { deliveryNote, houseRules, invoice } from '../papers.testing.ts'
import type { Passage } from '../passage.ts'
import { choose } from './choosing.ts'
import { readQuestion } from './question.ts'

const papers = { invoice, deliveryNote, houseRules }

function passage(text: string, documentId = 'doc_1', index = 0): Passage {
  return { chunkId: `${documentId}-${index}`, documentId, title: documentId, index, text, pages: [index + 1] }
}

function answer(question: string, ...texts: string[]): string {
  const passages = texts.map((text, index) => passage(text, `doc_${index}`))
  return choose(readQuestion(question), passages)
    .map((quotation) => quotation.text)
    .join(' / ')
}

describe('a label and its value are quoted together', () => {
  test.each([
    ['in one row', 'Quel est le total TTC ?', 'invoice', 'Total TTC 648,00 €'],
    ['with other words for the label', 'Combien faut-il payer ?', 'invoice', 'Total TTC 648,00 €'],
    [
      'with the label of another row in its words',
      'Quel est le montant de la TVA ?',
      'invoice',
      'TVA 20 % (base 540,00 €) 108,00 €',
    ],
    ['in the other language', 'When is the invoice due?', 'invoice', 'À régler avant le 05/03/2025'],
    ['one below the other', 'Qui est le client ?', 'invoice', 'Facturé à Menuiserie Guilloux'],
    [
      'with all lines of an address',
      "Quelle est l'adresse du client ?",
      'invoice',
      'Facturé à Menuiserie Guilloux 14 rue des Carmes 35000 Rennes',
    ],
    ['as head and cell of a column', 'Quel est le poids brut ?', 'deliveryNote', 'Poids brut (kg) 121,5'],
    ['of two cells that stand side by side', 'Quelle est la commande ?', 'deliveryNote', 'Commande : CDE-1177'],
    ['in one cell', 'Quelles sont les réserves ?', 'deliveryNote', 'Réserves du destinataire : Colis n° 2 mouillé'],
  ] as const)('%s', (...[, question, paper, expected]) => {
    expect(answer(question, papers[paper])).toBe(expected)
  })

  test('and a row of a table as a whole, with the heads of its columns only to find it', () => {
    expect(answer('Quel est le prix unitaire de la manutention ?', invoice)).toBe(
      'Manutention (heure) 3 40,00 20 % 120,00 €',
    )
    expect(answer('Combien de palettes Europe ?', invoice)).toBe('Palette Europe, messagerie 6')
  })
})

describe('a sentence is quoted', () => {
  test.each([
    [
      'that says it in other words',
      'À quelle heure faut-il libérer la maison ?',
      'Le logement est libéré au plus tard à 10 h le jour du départ.',
    ],
    ['in the other language', 'What time is check-in?', "L'arrivée se fait à partir de 17 h."],
    [
      'that goes on from the one before',
      'Quand la caution est-elle rendue ?',
      'Elle est rendue dix jours après le départ.',
    ],
    ['that forbids what is asked', 'Peut-on fumer dans la maison ?', "Il est interdit de fumer à l'intérieur."],
    ['that runs over the end of a line', 'Où sont les clés ?', 'Les clés sont dans la boîte à droite de la porte.'],
    [
      'with the number to call',
      'Qui appeler en cas de problème ?',
      'Appelez Nadia Ferrand au 06 44 21 80 17, de 8 h à 21 h.',
    ],
  ])('%s', (_which, question, expected) => {
    expect(answer(question, houseRules)).toBe(expected)
  })

  test('and a second one when two things are asked', () => {
    expect(
      answer('Quel est le montant de la caution et à quelle heure ferme la piscine ?', houseRules).split(' / ').sort(),
    ).toEqual(['La caution est de 650 euros.', 'La piscine est ouverte de 9 h à 20 h.'])
  })

  test('with words torn at the end of a line put together', () => {
    expect(answer("Quelle est l'indemnité ?", "L'indemnité de re-\ntard est de 40 euros.")).toBe(
      "L'indemnité de retard est de 40 euros.",
    )
  })
})

describe('nothing is quoted', () => {
  test.each([
    ['when another number is asked about', 'Quel est le total TTC de la facture FA-2025-0418 ?'],
    ['when the number asked about is part of another one', 'Quel est le total de la facture FA-2025-041 ?'],
    ['when somebody else is asked about', 'Quel est le total de la facture de Garage Dumont ?'],
    ['when the paper does not print it', 'Quel est le numéro de conteneur de la facture FA-2025-0417 ?'],
    ['when it prints the label without a value', 'Qui a signé le bon BL-70233 ?'],
    ['when a value of another form stands there', 'Quelle est la surface de la piscine ?'],
    ['when something else is counted', 'Combien de salles de bain y a-t-il ?'],
    ['when it is about something else altogether', 'Qui a écrit Les Misérables ?'],
    ['when nothing is asked', 'Bonjour'],
    ['when there are no words at all', '???'],
  ])('%s', (_when, question) => {
    expect(answer(question, invoice, deliveryNote, houseRules)).toBe('')
  })

  test('when there is nothing to quote from', () => {
    expect(answer('Quel est le total TTC ?')).toBe('')
    expect(answer('Quel est le total TTC ?', '', ' \n\t\n ')).toBe('')
  })
})

test('a reference is found however it is set, on whatever page of the document', () => {
  const first = passage('Facture n° FA 2025 / 0417\nClient : Guilloux', 'doc_1', 0)
  const last = passage('Total HT\t10,00 €\nTotal TTC\t12,00 €', 'doc_1', 1)
  const other = passage('Facture n° FA-2025-0500\nTotal TTC\t99,00 €', 'doc_2', 0)
  const [quotation, more] = choose(readQuestion('Quel est le total TTC de FA-2025-0417 ?'), [other, first, last])
  expect(quotation).toMatchObject({ text: 'Total TTC 12,00 €', passage: { index: 1 } })
  expect(more).toBeUndefined()
})

test('the same words in two papers are quoted once', () => {
  expect(answer('Quel est le total TTC ?', 'Total TTC\t12,00 €', 'TOTAL TTC   12,00 €')).toBe('Total TTC 12,00 €')
})

test('what answers everything is surer than what answers a part', () => {
  const [whole] = choose(readQuestion('Quel est le montant de la caution ?'), [passage(houseRules)])
  const [part] = choose(readQuestion('Quel est le montant de la caution pour les clés perdues ?'), [
    passage(houseRules),
  ])
  expect(whole?.confidence).toBeGreaterThan(0.9)
  expect(part?.confidence ?? 0).toBeLessThan(whole?.confidence ?? 0)
})

test('spans are where the words stand', () => {
  for (const question of [
    'Quel est le poids brut ?',
    'Qui est le destinataire ?',
    'À quelle heure la livraison a-t-elle eu lieu ?',
  ]) {
    const [quotation] = choose(readQuestion(question), [passage(deliveryNote)])
    const words = quotation?.spans.map(({ start, end }) => deliveryNote.slice(start, end)).join(' ')
    expect(words?.replaceAll(/\s+/g, ' ')).toBe(quotation?.text)
  }
})

test('hostile texts are read to their end', () => {
  const texts = [
    'total '.repeat(5_000),
    '1 '.repeat(10_000),
    'a\t'.repeat(5_000),
    '\n'.repeat(10_000) + 'Total TTC\t12,00 €',
    `${'x'.repeat(20_000)} Total`,
    '-'.repeat(10_000),
    'FA-'.repeat(5_000),
    '𝕏é̀'.repeat(3_000),
  ]
  const questions = [
    'Quel est le total TTC ?',
    'Quel est le numéro ?',
    'Quand et où ?',
    `Combien de ${'a'.repeat(1_900)} ?`,
    '1'.repeat(2_000),
  ]
  for (const question of questions)
    expect(
      choose(
        readQuestion(question),
        texts.map((text, index) => passage(text, `doc_${index}`)),
      ).length,
    ).toBeLessThan(4)
})
