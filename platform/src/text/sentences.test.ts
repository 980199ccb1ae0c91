import { expect, test } from 'vitest'
import { sentences } from './text.ts'

function split(text: string): string[] {
  for (const { text: sentence, start, end } of sentences(text)) expect(text.slice(start, end)).toBe(sentence)
  return sentences(text).map(({ text: sentence }) => sentence)
}

test('abbreviations, initials and numbers do not end a sentence', () => {
  expect(
    split('M. Durand (art. 3, p. 12) a signé. J. P. Martin a payé 3.50 € à St. Malo. Mr. Smith left at 5 p.m. sharp.'),
  ).toEqual([
    'M. Durand (art. 3, p. 12) a signé.',
    'J. P. Martin a payé 3.50 € à St. Malo.',
    'Mr. Smith left at 5 p.m. sharp.',
  ])
})

test('closing signs belong to the sentence they close', () => {
  expect(split('« Non ! » Puis il part (enfin.) Est-ce vrai ? Oui…  Bien.')).toEqual([
    '« Non ! »',
    'Puis il part (enfin.)',
    'Est-ce vrai ?',
    'Oui…',
    'Bien.',
  ])
})

test('a line that goes on is one sentence, a short line of its own is its own', () => {
  expect(
    split(
      'Objet : réclamation\nL’envoi, qui devait nous parvenir le 25 octobre 2023, a fait l’objet de l’incident\ncité en objet. Merci\n\n1. Prix\nLe prix est\nferme.',
    ),
  ).toEqual([
    'Objet : réclamation',
    'L’envoi, qui devait nous parvenir le 25 octobre 2023, a fait l’objet de l’incident\ncité en objet.',
    'Merci',
    '1. Prix',
    'Le prix est\nferme.',
  ])
})

test('a sentence that begins at the end of a full line goes on in the next one, whatever sign that begins with', () => {
  expect(
    split(
      'Les charges sont appelées chaque trimestre, le premier jour du mois. Le budget voté pour\n2025 est de 184 000 euros. En cas de fuite, appelez le plus tôt possible la société\nAqua Services.',
    ),
  ).toEqual([
    'Les charges sont appelées chaque trimestre, le premier jour du mois.',
    'Le budget voté pour\n2025 est de 184 000 euros.',
    'En cas de fuite, appelez le plus tôt possible la société\nAqua Services.',
  ])
})

test('white space alone is no sentence, and every other character is in one', () => {
  expect(split(' \n\n ')).toEqual([])
  const text = 'Un. Deux ! trois ? Quatre\n- cinq\n- six...\nSept'
  expect(split(text).join('').replace(/\s/g, '')).toBe(text.replace(/\s/g, ''))
})
