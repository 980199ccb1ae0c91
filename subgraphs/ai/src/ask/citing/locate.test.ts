import { describe, expect, test } from 'vitest'
import { locate, type PlacedWord } from './locate.ts'

/** Words of a page set in lines: each letter is a hundredth wide, each line a twentieth high. */
function page(lines: string[], number = 1): PlacedWord[] {
  return lines.flatMap((line, row) =>
    [...line.matchAll(/\S+/g)].map(({ 0: text, index }) => ({
      page: number,
      text,
      box: { x: index / 100, y: row / 20, width: text.length / 100, height: 0.04 },
    })),
  )
}

/** Locates a quotation by its first place in the passage, or by its nth. */
function find(passage: string, quotation: string | { words: string; nth: number }, words: readonly PlacedWord[]) {
  const { words: quoted, nth } = typeof quotation === 'string' ? { words: quotation, nth: 0 } : quotation
  let start = -1
  for (let count = 0; count <= nth; count++) start = passage.indexOf(quoted, start + 1)
  if (start < 0) throw new Error(`The passage does not say: ${quoted}`)
  return locate(passage, { start, end: start + quoted.length }, words).map(({ page: on, box }) => ({
    page: on,
    line: Math.round(box.y * 20),
    from: Math.round(box.x * 100),
    until: Math.round((box.x + box.width) * 100),
  }))
}

describe('the place of a quotation', () => {
  test('is one box around its words on their line', () => {
    const lines = ['Sous-total   540,00 €', 'Total TTC    648,00 €']
    expect(find(lines.join('\n'), 'Total TTC    648,00 €', page(lines))).toEqual([
      { page: 1, line: 1, from: 0, until: 21 },
    ])
  })

  test('is a box for each line it runs over', () => {
    const lines = [
      'La caution est de 650 euros. Elle est',
      "rendue dix jours après l'état des lieux",
      'de sortie. Merci.',
    ]
    const quotation = "Elle est\nrendue dix jours après l'état des lieux\nde sortie."
    expect(find(lines.join('\n'), quotation, page(lines))).toEqual([
      { page: 1, line: 0, from: 29, until: 37 },
      { page: 1, line: 1, from: 0, until: 39 },
      { page: 1, line: 2, from: 0, until: 10 },
    ])
  })

  test('goes on over the end of a page', () => {
    const words = [...page(['Fin de page : le délai est'], 3), ...page(['de trente jours.', 'Autre chose.'], 4)]
    const passage = 'Fin de page : le délai est\nde trente jours.\nAutre chose.'
    expect(find(passage, 'le délai est\nde trente jours.', words)).toEqual([
      { page: 3, line: 0, from: 14, until: 26 },
      { page: 4, line: 0, from: 0, until: 16 },
    ])
  })

  test('is where it is quoted, when the words are printed more than once', () => {
    const lines = ['Total 12,00', 'Total 12,00', 'Total 12,00']
    const passage = lines.join('\n')
    expect(find(passage, { words: 'Total 12,00', nth: 1 }, page(lines))).toMatchObject([{ line: 1 }])
    expect(find(passage, { words: 'Total 12,00', nth: 2 }, page(lines))).toMatchObject([{ line: 2 }])
    const later = [...page(['Total 12,00', 'Suite'], 1), ...page(lines, 2)]
    expect(find(passage, { words: 'Total 12,00', nth: 1 }, later)).toMatchObject([{ page: 2, line: 1 }])
  })

  test('holds part of a word as the whole word', () => {
    expect(find('(frais : 45€/jour)', '45€', page(['(frais : 45€/jour)']))).toEqual([
      { page: 1, line: 0, from: 9, until: 18 },
    ])
  })

  test.each([
    [
      'torn at the end of a line',
      'La res-\nponsabilité est limitée',
      'responsabilité est limitée',
      ['La res-', 'ponsabilité est limitée'],
    ],
    ['with a soft hyphen', 'La responsabilité', 'responsabilité', ['La res\u00adponsabilité']],
    ['with ligatures', 'Les frais fixes affichés', 'frais fixes affichés', ['Les frais ﬁxes aﬃchés']],
    ['with other apostrophes and dashes', 'L’état – signé', 'L’état – signé', ["L'état - signé"]],
    ['with accents apart', 'Émise à Évry', 'Émise à Évry', ['E\u0301mise a\u0300 E\u0301vry']],
    ['with words glued together', 'Prix unitaire hors taxe', 'unitaire hors taxe', ['Prix', 'unitairehors taxe']],
    ['with words torn apart', 'Numéro FA-2025-0417 du client', 'FA-2025-0417', ['Numéro FA- 2025 -0417 du client']],
    ['with no-break spaces', 'Total 1 532,21 €', '1 532,21 €', ['Total 1\u202f532,21\u00a0€']],
    ['in capitals', 'Réserves : néant', 'néant', ['RÉSERVES : NÉANT']],
  ])('is found though the page prints it %s', (...[, passage, quotation, lines]) => {
    const said = passage.includes(quotation) ? passage : passage.replace('-\n', '')
    expect(find(said, quotation, page(lines)).length).toBeGreaterThan(0)
  })

  test('is found though the cells of its row are read in another order', () => {
    const lines = ['Désignation Qté Prix', '70,00 Palette Europe 6 420,00', 'Manutention 3 120,00']
    const passage = 'Désignation\tQté\tPrix\nPalette Europe\t6\t70,00\t420,00\nManutention\t3\t120,00'
    expect(find(passage, 'Palette Europe\t6\t70,00\t420,00', page(lines))).toEqual([
      { page: 1, line: 1, from: 0, until: 29 },
    ])
  })

  test('is found though recognition has missed a word of it', () => {
    const lines = ['Livré le 11/03/2025 à', 'Réserves du : Colis n° 2 mouillé']
    const passage = 'Livré le 11/03/2025 à\nRéserves du destinataire : Colis n° 2 mouillé'
    expect(find(passage, 'Réserves du destinataire : Colis n° 2 mouillé', page(lines))).toMatchObject([{ line: 1 }])
  })

  test('is nowhere when the pages do not hold the words', () => {
    const words = page(['Conditions générales de vente', 'Article premier'])
    expect(find('La caution est de 650 euros.', 'La caution est de 650 euros.', words)).toEqual([])
    expect(find('Rien', 'Rien', [])).toEqual([])
    expect(locate('   ', { start: 0, end: 3 }, words)).toEqual([])
  })

  test('is found in time on a page of ten thousand words that nearly hold it', () => {
    const lines = Array.from({ length: 1_000 }, (_none, row) => `Palette Europe lot ${row} à 70,00 euros hors taxe`)
    const words = page(lines)
    const passage = 'Palette Europe lot 999 à 71,00 euros hors taxe'
    expect(find(passage, passage, words).length).toBeGreaterThan(0)
  })
})
